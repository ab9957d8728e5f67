package spindle.job

import java.nio.file.Files
import org.scalatest.funsuite.AnyFunSuite
import scala.jdk.CollectionConverters._
import spindle.result.Layout
import spindle.sweep.Sweep.{Execution, Reuse}

class PacksSuite extends AnyFunSuite {
  private def backlog(naps: Seq[Int]): (Backlog, Layout) = {
    val plan = HandPlan(drives = Seq("1 mV"), naps = naps.map(n => s"$n ms"), replicates = 1)
    val layout = Layout.of(Files.createTempDirectory("spindle-packs"), "a")
    (Backlog.of(plan, new ProbeTask, Books.open(layout, Reuse.EXACT), Retry.NONE, layout, "01RUN"), layout)
  }

  private def execution(partitions: Int) = new Execution("cpu", partitions, 1, 0)

  test("every trial is in exactly one pack, for any number of partitions and cores") {
    for (trials <- Seq(1, 7, 64, 300); partitions <- Seq(0, 1, 2, 7); cores <- Seq(1, 2, 16)) {
      val (todo, layout) = backlog((1 to trials).map(_ * 37 % 1000))
      val packs = Packs.of(todo, execution(partitions), Slots.cores(cores)).asScala
      val indices = packs.flatMap(_.lines(layout.todo("01RUN")).asScala.map(_.trial.index))
      assert(indices.sorted === (0L until trials.toLong))
      val seconds = (0 until todo.size).map(todo.seconds(_)).toArray
      assert(Packs.count(seconds, execution(partitions), Slots.cores(cores)) === packs.size)
      if (partitions > 0) assert(packs.size === partitions.min(trials))
    }
  }

  test("the longest predicted trials come first, in packs and among them") {
    val (todo, layout) = backlog((1 to 200).map(_ * 37 % 1000))
    val seconds = Packs.of(todo, execution(0), Slots.cores(2)).asScala.flatMap(_.lines(layout.todo("01RUN")).asScala.map(_.seconds))
    assert(seconds === seconds.sorted.reverse)
  }

  test("left alone, packs are few and the last ones small") {
    val (todo, _) = backlog(Seq.fill(1)(100) ++ (1 to 999).map(_ => 100))
    val packs = Packs.of(todo, execution(0), Slots.cores(2)).asScala
    assert(packs.size < 60)
    assert(packs.last.seconds < 1)
    assert(packs.head.seconds <= todo.seconds / 4 + 0.2)
  }

  test("tasks that run trials side by side get enough of them, but leave the others theirs") {
    for ((trials, slots, expected) <- Seq((264, 1, Seq(256, 8)), (264, 2, Seq(132, 132)), (1000, 2, Seq(256, 256, 256, 232)), (3, 4, Seq(3)))) {
      val (todo, _) = backlog(1 to trials)
      val sizes = Packs.of(todo, execution(0), new Slots(slots, 256)).asScala.map(_.size)
      assert(sizes === expected, s"$trials on $slots")
    }
  }

  test("shared work is spread where it would delay the end, longest first, and only there") {
    def spread(replicates: Int, cores: Int) = {
      val plan = HandPlan(drives = Seq("1 mV"), modes = Seq("share"), replicates = replicates)
      val layout = Layout.of(Files.createTempDirectory("spindle-packs"), "a")
      val todo = Backlog.of(plan, new ProbeTask, Books.open(layout, Reuse.EXACT), Retry.NONE, layout, "01RUN")
      val before = todo.seconds
      val shares = todo.spread(todo.spreadAboveS(cores)).asScala
      assert((todo.seconds - before).abs < 1e-6, "moved, not lost")
      (shares.size, (0 until todo.size).map(todo.seconds(_)).max)
    }
    assert(spread(1, 1)._1 === 3)
    assert(spread(16, 2) === ((0, 1000.001)), "trials alone fill two cores")
    val (pieces, left) = spread(16, 16)
    assert(pieces === 48 && left < 1)
  }

  test("values travel to the last bit") {
    for (text <- Seq("0.1 nS", "6 nS", "123.456789012345 mV", "1e-3 s", "-60 mV", "0 Hz")) {
      val real = new spindle.task.Value.Real(spindle.task.Quantity.parse(text).get)
      assert(Wire.value(Wire.text(real)) === real)
    }
    assert(Wire.value(Wire.text(new spindle.task.Value.Count(4000))) === new spindle.task.Value.Count(4000))
    assert(Wire.value(Wire.text(new spindle.task.Value.Word("a b"))) === new spindle.task.Value.Word("a b"))
  }
}
