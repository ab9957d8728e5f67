package spindle.job

import java.io.{ByteArrayOutputStream, PrintStream}
import java.time.{Duration, Instant}
import org.scalatest.funsuite.AnyFunSuite
import spindle.result.Times

class ProgressSuite extends AnyFunSuite {
  private def told(work: Progress => Unit): String = {
    val out = new ByteArrayOutputStream
    work(new Progress(new PrintStream(out, true), false, Duration.ofMillis(20)))
    out.toString
  }

  test("a log hears what long work is at, again and again") {
    val text = told(_.during[Int]("publishing", part => { part.accept("spikes"); Thread.sleep(300); 1 }))
    val lines = text.linesIterator.toSeq
    assert(lines.size >= 2 && lines.forall(_ === "publishing spikes ..., 0 s"))
  }

  test("an interruption is told at once, then what is left to do is done in order") {
    val text = told { progress =>
      val interruption = Interruption.heed(progress)
      interruption.first(() => progress.say("drained"))
      interruption.then(() => progress.say("left"))
      interruption.interrupted()
      assert(interruption.begun)
      interruption.close()
    }
    assert(text === "interrupted; the same command goes on from here\ndrained\nleft\n")
  }

  test("spans and instants read alike everywhere") {
    assert(Seq(0.4, 59, 60, 1865, 7800).map(Times.span) === Seq("0 s", "59 s", "1 min 00 s", "31 min 05 s", "2 h 10 min"))
    assert(Times.at("2026-03-01T08:30:00.123456789Z", Instant.parse("2026-03-01T08:30:09.9Z")) === "2026-03-01 08:30:00 UTC, 9 s ago")
  }
}
