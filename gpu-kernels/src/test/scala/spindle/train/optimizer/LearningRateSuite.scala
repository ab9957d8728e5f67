package spindle.train.optimizer

import java.lang.Double.toHexString
import java.util.{List => JList}

import org.scalatest.funsuite.AnyFunSuite
import spindle.train.Figures

/** Schedules: PyTorch's numbers in closed form. */
class LearningRateSuite extends AnyFunSuite {
  import LearningRate._

  private val kinds = Map[String, LearningRate](
    "constant" -> new Constant(0.05),
    "step" -> new Step(0.05, 7, 0.3),
    "multi-step" -> new MultiStep(0.05, JList.of(3L, 11L, 12L), 0.5),
    "cosine" -> new Cosine(0.05, 20, 0.001),
    "warm-restarts" -> new WarmRestarts(0.05, 4, 2, 0.001),
    "exponential" -> new Exponential(0.05, 0.95))

  test("every schedule is PyTorch's") {
    for ((kind, rate) <- kinds) {
      val expected = Figures(s"schedule.$kind")
      assert(Figures.difference(expected.indices.map(k => rate.at(k)).toArray, expected, 1e-13) === None, kind)
    }
    assert(kinds.values.map(_.getClass).toSet === classOf[LearningRate].getPermittedSubclasses.toSet[Class[_]])
  }

  test("restarts of equal length repeat one cosine, however late") {
    val rate = new WarmRestarts(0.1, 5, 1, 0)
    for (k <- 0 until 5) assert(rate.at(k + 5000000000L) === new Cosine(0.1, 5, 0).at(k))
  }

  test("the bits of a schedule are golden") {
    assert(toHexString(new Cosine(1e-3, 300, 0).at(77)) === "0x1.bb95ce5e2112bp-11")
    assert(toHexString(new Exponential(1e-3, 0.97).at(77)) === "0x1.91de3650b8298p-14")
  }

  test("what makes no schedule is refused, with value and rule") {
    for ((message, make) <- Seq[(String, () => LearningRate)](
        ("rates and gamma must be at least 0, got -1.0", () => new Constant(-1)),
        ("rates and gamma must be at least 0, got NaN", () => new Exponential(1, Double.NaN)),
        ("every must be at least 1, got 0", () => new Step(1, 0, 0.5)),
        ("steps must be at least 1, got 0", () => new Cosine(1, 0, 0)),
        ("factor must be at least 1, got 0", () => new WarmRestarts(1, 5, 0, 0)))) {
      assert(intercept[IllegalArgumentException](make()).getMessage === message)
    }
  }
}
