package spindle.train.readout

import org.scalatest.funsuite.AnyFunSuite

class RlsSuite extends AnyFunSuite {
  test("after all samples the weights are the ridge solution with lambda = 1 / alpha") {
    for ((count, units) <- Seq((0, 3), (1, 1), (7, 7), (64, 30), (1000, 20), (20, 64), (5, 0)); alpha <- Seq(0.1, 1.0, 100.0)) {
      val (x, y) = (Dense.random(count, units, 1), Dense.random(count, 3, 2))
      val rls = new Rls(units, 3, alpha)
      rls.learn(Dense.features(x, units), Dense.features(y, 3))
      // Errors of P gather over the samples: eps times condition number times their square root.
      assert(Dense.distance(rls.readout, Dense.ridge(x, y, (units, 3), 1 / alpha, bias = false)) < 1e-9)
      assert(rls.samples === count)
    }
  }

  test("each step is the published one: k = P h, P -= k k' / (1 + h'k), W -= k e' / (1 + h'k)") {
    val (x, y) = (Dense.random(40, 7, 3), Dense.random(40, 2, 4))
    val rls = new Rls(7, 2, 0.1)
    val p = Array.tabulate(7, 7)((i, j) => if (i == j) 0.1 else 0.0)
    val w = Array.ofDim[Double](7, 2)
    for ((h, t) <- x.zip(y)) {
      val k = p.map(row => row.zip(h).map(v => v._1 * v._2).sum)
      val s = 1 + h.zip(k).map(v => v._1 * v._2).sum
      val e = Array.tabulate(2)(o => h.indices.map(u => w(u)(o) * h(u)).sum - t(o))
      val scores = new Array[Double](2)
      rls.score(h, scores)
      assert(scores.zip(e.zip(t).map(v => v._1 + v._2)).forall(v => (v._1 - v._2).abs < 1e-12))
      for (i <- 0 until 7; j <- 0 until 7) p(i)(j) -= k(i) * k(j) / s
      for (i <- 0 until 7; o <- 0 until 2) w(i)(o) -= k(i) * e(o) / s
      rls.learn(h, t)
      assert(Dense.distance(rls.readout, (w, Array(0.0, 0.0))) < 1e-12)
    }
  }

  test("alpha out of range, sizes that do not fit and samples that are not finite are refused") {
    for (bad <- Seq(0, -1, Double.NaN, Double.PositiveInfinity))
      assert(intercept[IllegalArgumentException](new Rls(2, 1, bad)).getMessage ===
        s"alpha must be positive and finite, got $bad")
    assertThrows[IllegalArgumentException](new Rls(-1, 1, 1))
    val rls = new Rls(3, 1, 1)
    def f(samples: Int, units: Int): Features = Features.bySample(new Array[Float](samples * units), samples, units)
    for ((x, y) <- Seq((f(2, 4), f(2, 1)), (f(2, 3), f(2, 2)), (f(2, 3), f(1, 1))))
      assertThrows[IllegalArgumentException](rls.learn(x, y))
    rls.learn(Array(1.0, 2.0, 3.0), Array(1.0))
    val message = intercept[FitException](rls.learn(Array(1.0, Double.NaN, 0.0), Array(1.0))).getMessage
    assert(message === "recursive least squares diverged at sample 1: 1 + h'Ph is NaN")
  }
}
