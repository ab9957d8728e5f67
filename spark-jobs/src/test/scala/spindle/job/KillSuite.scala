package spindle.job

import java.util.concurrent.TimeUnit
import spindle.sweep.ExitCode
import org.scalatest.concurrent.Eventually
import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.tagobjects.Slow
import org.scalatest.time.SpanSugar._
import scala.jdk.CollectionConverters._
import spindle.result.{Journal, Lease, RunRecord, SweepHeldException, SweepStatus, Table}

class KillSuite extends AnyFunSuite with SharedSpark with Eventually {
  test("kill -9 of a driver in the middle of a pack loses no committed trial, and the next run does the rest", Slow) {
    val plan = ProbeMain.plan
    val driver = start()
    try {
      eventually(timeout(60.seconds), interval(50.millis)) {
        assert(new Journal(layout(plan)).names.size >= 2)
      }
      intercept[SweepHeldException](run(plan))
    } finally driver.destroyForcibly()
    assert(driver.waitFor(10, TimeUnit.SECONDS))
    assert(Lease.owner(layout(plan)).isPresent, "the driver had time to say goodbye")
    val kept = new Journal(layout(plan)).fresh.asScala.flatMap(_.trials.asScala.map(_.trialId)).toSet
    assert(kept.size >= 2 && kept.size < plan.size)
    val before = ProbeTask.count
    assert(run(plan) === ExitCode.OK)
    assert(ProbeTask.count - before === plan.size - kept.size)
    val rows = table(plan, Table.TRIALS).collect().map(_.getAs[String]("trial_id"))
    assert(rows.sorted.toSeq === plan.trials.asScala.map(_.trialId).toSeq.sorted)
  }

  test("a driver that is told to end publishes what it has, closes its record and gives the sweep back", Slow) {
    val plan = ProbeMain.plan
    val driver = start()
    try eventually(timeout(60.seconds), interval(50.millis))(assert(new Journal(layout(plan)).names.size >= 2))
    finally driver.destroy()
    assert(driver.waitFor(60, TimeUnit.SECONDS) && driver.exitValue === 143)
    val l = layout(plan)
    assert(Lease.owner(l).isEmpty)
    assert(RunRecord.newest(l).get.outcome === "interrupted" && SweepStatus.of(l).get.state === "interrupted")
    val committed = new Journal(l).fresh.asScala.map(_.rows).sum
    assert(committed < plan.size && table(plan, Table.TRIALS).where("in_plan").count() === committed)
    assert(run(plan) === ExitCode.OK)
  }

  private def start(): Process =
    new ProcessBuilder((jvm("512m") ++ Seq("spindle.job.ProbeMain", root.toString)).asJava).inheritIO().start()
}
