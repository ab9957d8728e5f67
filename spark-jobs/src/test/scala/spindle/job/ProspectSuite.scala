package spindle.job

import java.nio.file.Files

import org.scalatest.funsuite.AnyFunSuite

class ProspectSuite extends AnyFunSuite with SharedSpark {
  private def prospect(plan: HandPlan) = Prospect.of(plan, root.toString, 2)

  test("what is committed is done, the rest is to run, and nothing is written") {
    val small = HandPlan(drives = Seq("1 mV", "2 mV"))
    val large = HandPlan(drives = Seq("1 mV", "2 mV", "3 mV"))
    val before = prospect(large)
    assert((before.done, before.todo, before.packs) === ((0L, 6L, 2)))
    assert(!Files.exists(root.resolve(large.name)))
    run(small)
    val after = prospect(large)
    assert((after.done, after.todo, after.packs) === ((4L, 2L, 2)))
    val nothing = prospect(small)
    assert((nothing.done, nothing.todo, nothing.packs) === ((4L, 0L, 0)))
    assert((before.recordedBytes, after.recordedBytes, nothing.recordedBytes) === ((600.0, 200.0, 0.0)))
    assert(nothing.wall.likely < after.wall.likely)
    assert(prospect(small.copy(reuse = spindle.sweep.Sweep.Reuse.NONE)).todo === 4)
  }

  test("the predicted time grows with the work, shrinks with cores, and lies inside its range") {
    val walls = for (n <- Seq(0, 1, 7, 64, 1000)) yield WallTime.of(Array.fill(n)(2.0), 2)
    assert(walls.map(_.likely).sliding(2).forall(p => p(0) < p(1)))
    assert(walls.forall(w => 0 < w.low && w.low < w.likely && w.likely < w.high))
    assert(WallTime.of(Array.fill(64)(2.0), 16).likely < WallTime.of(Array.fill(64)(2.0), 2).likely)
    // One long trial takes its time, however many cores there are.
    assert(WallTime.of(Array(100.0, 1.0), 16).likely > 100)
  }
}
