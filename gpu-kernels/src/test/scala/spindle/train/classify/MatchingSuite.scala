package spindle.train.classify

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite
import spindle.backend.reference.ReferenceBackend
import spindle.ir.Generators
import spindle.train.encode.Tuning
import spindle.train.loop.{Minibatch, Part}

@spindle.Gpu
class MatchingSuite extends AnyFunSuite {
  private val reference = new ReferenceBackend
  private val counts = Part.values.map(p => p -> Int.box(224)).toMap.asJava
  private val trials = new Matching(new Tuning(100, 2, 40, 1), 8, counts, reference)

  private def shown(k: Int, members: Int = 1): Map[String, Array[Float]] =
    trials.shown(new Minibatch(Part.TRAIN, Array(k), 0), members).asScala.toMap

  /** The direction that a trial shows, by the channel of the largest rate. */
  private def direction(rates: Array[Float]): Int = math.round(rates.indexOf(rates.max) * 8 / 100f) % 8

  test("classes, directions and differences are balanced, and a class is whether the two directions are one") {
    val all = (0 until 224).map { k =>
      val s = shown(k)
      (direction(s(Directions.SAMPLE)), direction(s(Directions.TEST)), trials.label(Part.TRAIN, k))
    }
    for ((a, b, label) <- all) assert((label == 1) === (a == b))
    assert(all.groupBy(_._1).values.map(_.size).toSet === Set(28))
    assert(all.count(_._3 == 1) === 112)
    val off = all.filter(_._3 == 0).groupBy { case (a, b, _) => (b - a + 8) % 8 }.view.mapValues(_.size).toMap
    assert(off.keySet === (1 to 7).toSet)
    // Groups of 8 trials take the differences in turn: 14 groups are each of the 7 twice.
    assert(off.values.toSet === Set(16))
  }

  test("rates are the tuning curve, with the same bits on every backend, and 0 at empty places") {
    for (backend <- Generators.backends) {
      val other = new Matching(new Tuning(100, 2, 40, 1), 8, counts, backend)
      val batch = new Minibatch(Part.TEST, Array(9, 40), 0)
      for ((state, x) <- other.shown(batch, 5).asScala) assert(x === trials.shown(batch, 5).get(state), state)
    }
    val x = shown(3, members = 2)(Directions.SAMPLE)
    for (j <- 0 until 100) {
      val right = 40 * math.exp(2 * (math.cos(2 * math.Pi * (3 / 8.0 - j / 100.0)) - 1))
      assert((x(2 * j) - right).abs < 1e-4 && x(2 * j + 1) === 0f)
    }
  }

  test("one direction makes no task") {
    val refused = intercept[IllegalArgumentException](new Matching(new Tuning, 1, counts, reference))
    assert(refused.getMessage === "directions must be at least 2, got 1")
  }
}
