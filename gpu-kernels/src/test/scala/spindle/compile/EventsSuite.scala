package spindle.compile

import org.scalatest.funsuite.AnyFunSuite

class EventsSuite extends AnyFunSuite {
  private def listed(events: Events): Seq[Int] = events.indices.take(events.count).toSeq

  for (lanes <- Seq(2, 4, 8, 16, 32, 64)) test(s"marks of vectors of $lanes lanes are listed in order, those of the padding left out") {
    val population = 1000
    val vectors = 1024 / lanes
    for (share <- Seq(0.0, 0.01, 0.5, 1.0)) {
      val random = new scala.util.Random(lanes)
      val marked = Seq.tabulate(1024)(_ => random.nextDouble() < share)
      val events = new Events(population)
      events.makeMaskWords(vectors)
      for (i <- marked.indices if marked(i)) events.maskWords()(i / lanes) |= 1L << (i % lanes)
      // As threads and blocks do: one part after the other.
      val middle = vectors / 2 / 4 * 4
      events.addMasks(0, middle, lanes)
      events.addMasks(middle, vectors, lanes)
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
