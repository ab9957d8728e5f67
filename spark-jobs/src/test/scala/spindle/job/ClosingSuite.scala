package spindle.job

import java.io.ByteArrayOutputStream
import java.io.PrintStream
import org.scalatest.funsuite.AnyFunSuite
import spindle.result.Table
import spindle.sweep.ExitCode

class ClosingSuite extends AnyFunSuite with SharedSpark {
  private def told(plan: HandPlan): (ExitCode, String) = {
    val out = new ByteArrayOutputStream
    val old = System.out
    System.setOut(new PrintStream(out, true))
    try (run(plan), out.toString)
    finally System.setOut(old)
  }

  private def outcome(plan: HandPlan): String =
    table(plan, Table.PROVENANCE).select("outcome").first().getString(0)

  private def one(mode: String*) = HandPlan(name = mode.head, drives = Seq("1 mV"), modes = mode, replicates = 1)

  test("a diverged trial is no success: exit code 3, counted in the outcome, with the way to look at it") {
    val plan = one("diverge", "ok")
    val (code, text) = told(plan)
    assert(code === ExitCode.FAILED_TRIALS)
    assert(outcome(plan) === "1 diverged")
    assert(text.contains(s"1 trial went wrong; see them: spindle failures ${layout(plan).sweep}"))
    assert(!text.contains("--retry"), "it would diverge again")
    assert(told(plan)._1 === ExitCode.FAILED_TRIALS, "the second run agrees with the first")
  }

  test("a trial that a guard stopped ended as its user asked: exit code 0, counted in the outcome") {
    val plan = one("stop", "ok")
    assert(told(plan)._1 === ExitCode.OK)
    assert(outcome(plan) === "ok, 1 stopped")
    assert(told(plan)._1 === ExitCode.OK)
  }

  test("to run again is advised for what may end otherwise, never for settings that contradict each other") {
    val (code, text) = told(one("throw"))
    assert(code === ExitCode.FAILED_TRIALS && text.contains("spindle run probe.yaml --retry failed"))
    val (same, silent) = told(one("contradict"))
    assert(same === ExitCode.FAILED_TRIALS && silent.contains("spindle failures") && !silent.contains("--retry"))
  }

  test("one trial is one trial, not one trials") {
    val (_, text) = told(one("ok"))
    assert(text.contains("1 trial: +1 new") && text.contains("1 trial run in"))
    assert("(?<![.\\d])1 trials".r.findFirstIn(text).isEmpty)
  }
}
