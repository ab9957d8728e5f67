package spindle.compile

import org.scalatest.funsuite.AnyFunSuite

class EventsSuite extends AnyFunSuite {
  private def listed(events: Events): Seq[Int] = events.indices.take(events.count).toSeq

  test("marks are listed in order, those of the padding left out") {
    val population = 1000
    for (share <- Seq(0.0, 0.01, 0.5, 1.0)) {
      val random = new scala.util.Random(1)
      val marked = Seq.tabulate(1024)(_ => random.nextDouble() < share)
      val events = new Events(population)
      events.makeMarks(1024)
      for (i <- marked.indices if marked(i)) events.marks()(i / 64) |= 1L << (i % 64)
      // As threads and blocks do: one part after the other.
      events.addMarks(0, 448)
      events.addMarks(448, 1024)
      assert(listed(events) === (0 until population).filter(marked))
    }
  }

  test("where a mask is 1 is listed behind what there was, however often") {
    for (share <- Seq(0.0, 0.1, 1.0)) {
      val random = new scala.util.Random(1)
      val mask = Array.fill(500)(if (random.nextDouble() < share) 1f else 0f)
      val events = new Events(500)
      events.addOnes(mask, 0, 200)
      events.addOnes(mask, 200, 500)
      assert(listed(events) === mask.indices.filter(mask(_) == 1))
    }
  }
}
