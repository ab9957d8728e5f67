package spindle.backend

import org.scalatest.funsuite.AnyFunSuite

class EventLogSuite extends AnyFunSuite {
  private def listed(log: EventLog, order: Seq[Int] => Seq[Int] = identity): Seq[(Int, Int)] =
    order(0 until log.size).map(k => (log.step(k), log.index(k)))

  /** Steps with up to 40,000 events, some without, which lie on several pages. */
  private def draw(seed: Int, first: Int): Seq[(Int, Array[Int])] = {
    val random = new scala.util.Random(seed)
    Seq.tabulate(30) { k =>
      val count = if (random.nextBoolean()) random.nextInt(4) else random.nextInt(40000)
      (first + 2 * k, Array.fill(count)(random.nextInt(1 << 20)).sorted)
    }
  }

  private def add(log: EventLog, events: Seq[(Int, Array[Int])]): Unit =
    for ((step, indices) <- events) log.add(step, indices ++ Array(-1), indices.length)

  private def pairs(events: Seq[(Int, Array[Int])]): Seq[(Int, Int)] =
    for ((step, indices) <- events; i <- indices.toSeq) yield (step, i)

  test("a log gives back what was added, in whatever order it is read") {
    val events = draw(1, 5)
    val log = new EventLog
    add(log, events)
    assert(listed(log) === pairs(events))
    assert(listed(log, _.reverse) === pairs(events).reverse)
    val expected = pairs(events).toVector
    val random = new scala.util.Random(2)
    for (k <- Seq.fill(1000)(random.nextInt(log.size))) assert((log.step(k), log.index(k)) === expected(k))
  }

  test("logs that go on where another ends are joined, a step of both becoming one") {
    val (first, second) = (draw(3, 0), draw(4, 58))
    val (log, next) = (new EventLog, new EventLog)
    add(log, first)
    add(next, second)
    log.addAll(next)
    assert(listed(log) === pairs(first ++ second))
  }

  test("a log that grows under its last step is read on") {
    val log = new EventLog
    log.add(3, Array(7), 1)
    assert(log.step(0) === 3)
    log.add(3, Array(8, 9), 2)
    log.add(5, Array(1), 1)
    assert(listed(log) === Seq(3 -> 7, 3 -> 8, 3 -> 9, 5 -> 1))
  }

  test("a log that is cleared is empty, and takes other events") {
    val log = new EventLog
    add(log, draw(5, 0))
    log.step(log.size - 1)
    log.clear()
    assert(log.size === 0)
    add(log, draw(6, 3))
    assert(listed(log) === pairs(draw(6, 3)))
  }
}
