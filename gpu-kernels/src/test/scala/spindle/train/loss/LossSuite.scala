package spindle.train.loss

import scala.util.Random

import org.scalatest.funsuite.AnyFunSuite
import spindle.grad._
import spindle.ir._
import spindle.train.{Batch, Figures, Sketch}

/** Losses and penalties: PyTorch's values and gradients, finite differences, the same bits everywhere. */
class LossSuite extends AnyFunSuite {
  import Derivatives.{load, step}

  private val members = 7

  /** A loss with the names of the figures that it should give. */
  private case class Kind(name: String, loss: Loss, output: String, target: String) {
    def sketch(dtype: DType): Sketch = sketch(dtype, Figures(output))

    def sketch(dtype: DType, y: Array[Double]): Sketch = {
      val inputs = Map("y" -> y, "target" -> Figures(target))
      new Sketch(inputs, dtype, if (target == "labels") Set("target") else Set.empty)({ t =>
        val b = new Batch(t, members)
        val each = loss.perMember(b, t.load("y"), t.load("target"))
        Map("each" -> each, "mean" -> b.mean(each), "sum" -> b.sum(each))
      })
    }
  }

  private val kinds = Seq(
    Kind("cross_entropy", new CrossEntropy(), "outputs", "labels"),
    Kind("squares", new MeanSquaredError(), "outputs", "targets"),
    Kind("count", new SpikeCount(15, 2), "counts", "labels"))

  private val precisions = Seq(DType.F64 -> 1e-13, DType.F32 -> 1e-5)

  private def gradient(p: Program, state: Map[String, Array[Double]], of: String, by: String): Array[Double] = {
    val a = Adjoint.of(p, new Inputs(java.util.Set.of(by), java.util.Set.of()))
    step(load(a.program, Map.empty), a.program, state + (Adjoint.bar(of) -> Array(1.0)))(Adjoint.bar(by))
  }

  test("losses and their gradients are PyTorch's") {
    for (k <- kinds; (dtype, tolerance) <- precisions) {
      val s = k.sketch(dtype)
      val out = s.run().head
      assert(Figures.difference(out("mean"), Figures(s"${k.name}.mean"), tolerance) === None, k)
      val g = gradient(s.program, out, "mean", "y")
      assert(Figures.difference(g, Figures(s"${k.name}.gradient"), tolerance) === None, k)
    }
  }

  test("cross entropy of each member and its sum are PyTorch's") {
    for ((dtype, tolerance) <- precisions) {
      val out = kinds.head.sketch(dtype).run().head
      assert(Figures.difference(out("each"), Figures("cross_entropy.each"), tolerance) === None)
      assert(Figures.difference(out("sum"), Figures("cross_entropy.sum"), tolerance) === None)
    }
  }

  test("the gradient of every loss is what finite differences say") {
    val random = new Random(3)
    for (k <- kinds) {
      val y = Array.fill(5 * members)(random.nextInt(512) / 128.0 - 2)
      val p = k.sketch(DType.F64, y).program
      val at = Point(Map("y" -> y, "target" -> Figures(k.target)) ++
        Seq("each" -> members, "mean" -> 1, "sum" -> 1).map { case (v, n) => v -> new Array[Double](n) }, Map.empty)
      val by = new Inputs(java.util.Set.of("y"), java.util.Set.of())
      assert(Derivatives.wrong(Twins(p, p, at, by), random, 1e-8) === Seq.empty, k)
    }
  }

  test("losses and adjoints have the same bits on every backend") {
    val bars = Map("bar.each" -> Figures("cross_entropy.each"), "bar.mean" -> Array(1.0), "bar.sum" -> Array(0.5))
    for (k <- kinds; dtype <- Seq(DType.F32, DType.F64)) {
      val s = k.sketch(dtype)
      if (dtype == DType.F32) assert(s.differences(s.program, Map.empty) === Seq.empty, k)
      assert(s.differences(Adjoint.of(s.program).program, bars) === Seq.empty, k)
    }
  }

  test("a score that is far above the others is certain, and infinitely far below is impossible") {
    val labels = Map("target" -> Array(0.0, 1.0))
    def loss(y: Double*) = new Sketch(labels + ("y" -> y.toArray), DType.F32, Set("target"))({ t =>
      Map("each" -> new CrossEntropy().perMember(new Batch(t, 2), t.load("y"), t.load("target")))
    }).run().head("each").toSeq
    assert(loss(3e38, 0, 0, 3e38) === Seq(0, 0))
    assert(loss(-1e30, 0, 0, 1e30) === Seq(1e30f.toDouble, 0))
    assert(loss(Double.NaN, 0, 0, 1).head.isNaN)
  }

  /** Some steps of a penalty, and the penalty at their end. */
  private def penalty(r: Regulariser, name: String, dtype: DType): Sketch =
    new Sketch((0 until 3).map(k => s"x$k" -> Figures(s"$name.$k")).toMap, dtype)({ t =>
      val sum = (0 until 3).map(k => r.each(t.load(s"x$k"))).reduce(_.plus(_))
      Map("penalty" -> r.of(new Batch(t, 4), sum.over(3)))
    })

  private val penalties = Seq(
    ("rate", new FiringRate(20, 0.5), "spikes", 0), ("voltage", new Voltage(), "v", 1))

  test("penalties and their gradients are PyTorch's") {
    for ((name, r, x, k) <- penalties; (dtype, tolerance) <- precisions) {
      val s = penalty(r, x, dtype)
      val out = s.run().head
      assert(Figures.difference(out("penalty"), Figures(s"$name.loss"), tolerance) === None)
      val expected = if (name == "rate") "rate.gradient" else s"voltage.gradient.$k"
      assert(Figures.difference(gradient(s.program, out, "penalty", s"x$k"), Figures(expected), tolerance) === None)
    }
  }

  test("the gradient of every penalty is what finite differences say, and the same bits everywhere") {
    for ((_, r, x, _) <- penalties) {
      val s = penalty(r, x, DType.F64)
      val at = Point((0 until 3).map(k => s"x$k" -> Figures(s"$x.$k").map(_ + 1.0 / 512)).toMap + ("penalty" -> Array(0.0)), Map.empty)
      val by = new Inputs(java.util.Set.of("x0", "x1", "x2"), java.util.Set.of())
      assert(Derivatives.wrong(Twins(s.program, s.program, at, by), new Random(2), 1e-6) === Seq.empty)
      assert(s.differences(Adjoint.of(s.program).program, Map("bar.penalty" -> Array(1.0))) === Seq.empty)
    }
  }

  test("every loss is listed here") {
    assert(kinds.map(_.loss.getClass).toSet === classOf[Loss].getPermittedSubclasses.toSet[Class[_]])
    assert(penalties.map(_._2.getClass).toSet === classOf[Regulariser].getPermittedSubclasses.toSet[Class[_]])
  }

  test("what makes no loss is refused, with value and rule") {
    for ((message, make) <- Seq[(String, () => Any)](
        ("right must be above wrong and wrong at least 0, got 1.0, 1.0", () => new SpikeCount(1, 1)),
        ("lower must be below upper, got 1.0, 0.0", () => new Voltage(0, 1)),
        ("target must be a rate >= 0 Hz, got -1.0", () => new FiringRate(-1, 1)),
        ("dt must be a time > 0 ms, got 0.0", () => new FiringRate(1, 0)))) {
      assert(intercept[IllegalArgumentException](make()).getMessage === message)
    }
  }
}
