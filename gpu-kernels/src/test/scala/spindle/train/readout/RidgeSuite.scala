package spindle.train.readout

import org.scalatest.funsuite.AnyFunSuite

class RidgeSuite extends AnyFunSuite {
  private def gram(x: Dense.Matrix, y: Dense.Matrix, units: Int, targets: Int): Gram = {
    val g = new Gram(new Gram.Shape(units, targets, 64))
    val (fx, fy) = (Dense.features(x, units), Dense.features(y, targets))
    for (from <- x.indices by 64) {
      val n = 64 min (x.length - from)
      g.add(fx.slice(from, n), fy.slice(from, n))
    }
    g
  }

  test("the primal form equals dense elimination, with and without bias") {
    for ((count, units) <- Seq((0, 0), (0, 3), (1, 1), (7, 3), (64, 64), (300, 150), (1000, 7)); bias <- Seq(false, true)) {
      val (x, y) = (Dense.random(count, units, 1, 2), Dense.random(count, 3, 2, -1))
      val expected = Dense.ridge(x, y, (units, 3), 0.7, bias)
      // Condition number of X'X + lambda I times eps, with room; sums have up to a thousand terms.
      assert(Dense.distance(new Ridge(0.7, bias).fit(gram(x, y, units, 3)), expected) < 1e-10)
    }
  }

  test("the dual form gives the weights of the primal, with and without bias") {
    for ((count, units) <- Seq((0, 3), (1, 7), (7, 64), (64, 150), (150, 1100)); bias <- Seq(false, true)) {
      val (x, y) = (Dense.random(count, units, 3, 2), Dense.random(count, 2, 4, -1))
      val ridge = new Ridge(0.7, bias)
      val dual = ridge.fit(Dense.features(x, units), Dense.features(y, 2))
      val primal = ridge.fit(gram(x, y, units, 2))
      val difference = dual.weights.zip(primal.weights) ++ dual.bias.zip(primal.bias)
      // eps times the condition number: the mean makes an eigenvalue of about 5 count units, lambda is the smallest.
      // Centring the Gram cancels it, so its rounding error stays.
      val tolerance = 1e-13 + 8 * 2.2e-16 * 5 * count * units / 0.7
      assert(difference.map { case (a, b) => (a - b).abs }.maxOption.forall(_ < tolerance))
    }
  }

  test("the dual form has the same bits however few units it takes at a time") {
    for ((count, units) <- Seq((1, 7), (7, 64), (50, 150)); bias <- Seq(false, true)) {
      val (x, y) = (Dense.features(Dense.random(count, units, 3, 2), units), Dense.features(Dense.random(count, 2, 4, -1), 2))
      val whole = new DualRidge(new Ridge(0.7, bias), x, y).fit
      for (run <- Seq(1, 4, 12, 60)) {
        val pieces = new DualRidge(new Ridge(0.7, bias), x, y, 8L * count * run).fit
        assert(pieces.weights.sameElements(whole.weights) && pieces.bias.sameElements(whole.bias), s"$count x $units by $run")
      }
    }
  }

  test("fit of features with more samples than units is the fit of their Gram") {
    val (x, y) = (Dense.random(60, 5, 5), Dense.random(60, 2, 6))
    val ridge = new Ridge(0.1, true)
    val direct = ridge.fit(Dense.features(x, 5), Dense.features(y, 2))
    assert(direct.weights.sameElements(ridge.fit(gram(x, y, 5, 2)).weights))
  }

  test("an exact linear law is found as lambda goes to zero, and a large lambda leaves the mean") {
    val x = Dense.random(200, 4, 7)
    val y = x.map(r => Array(3 * r(0) - r(2) + 5))
    val small = new Ridge(1e-9, true).fit(gram(x, y, 4, 1))
    assert(Dense.distance(small, (Array(Array(3.0), Array(0.0), Array(-1.0), Array(0.0)), Array(5.0))) < 1e-9)
    val large = new Ridge(1e12, true).fit(gram(x, y, 4, 1))
    assert(large.weights.forall(_.abs < 1e-8) && (large.bias.apply(0) - y.map(_(0)).sum / 200).abs < 1e-8)
  }

  test("a fit leaves the Gram as it was, so that many lambdas can share it") {
    val g = gram(Dense.random(100, 7, 8), Dense.random(100, 2, 9), 7, 2)
    val before = Grams.bits(g)
    new Ridge(0.1, true).fit(g)
    assert(Grams.bits(g) === before)
  }

  test("lambda must be positive and finite") {
    for (bad <- Seq(0, -1, Double.NaN, Double.PositiveInfinity, -0.0))
      assert(intercept[IllegalArgumentException](new Ridge(bad, false)).getMessage ===
        s"lambda must be positive and finite, got $bad")
  }

  test("a lambda too small for a singular matrix, and NaN among the features, are refused in words") {
    val x = Dense.random(100, 3, 10).map(r => r :+ r(0))
    val y = Dense.random(100, 1, 11)
    val message = intercept[FitException](new Ridge(1e-30, false).fit(gram(x, y, 4, 1))).getMessage
    assert(message.contains("the pivot of unit 3 is ") && message.contains("raise the penalty"))
    val wide = Seq(x(0), x(1), x(0)).map(_.toArray).toArray
    val dual = intercept[FitException](new Ridge(1e-300, false).fit(Dense.features(wide, 4), Dense.features(y.take(3), 1)))
    assert(dual.getMessage.contains("the pivot of sample 2 is "))
    x(5)(1) = Double.NaN
    assert(intercept[FitException](new Ridge(1, false).fit(gram(x, y, 4, 1))).getMessage.contains("NaN"))
  }

  test("a part of a Gram and unequal samples are refused") {
    val part = new Gram(new Gram.Shape(300, 1, 64), 0, new Gram.Part(0, 2))
    assertThrows[IllegalArgumentException](new Ridge(1, false).fit(part))
    val (x, y) = (Dense.features(Dense.random(5, 2, 1), 2), Dense.features(Dense.random(4, 1, 1), 1))
    assertThrows[IllegalArgumentException](new Ridge(1, false).fit(x, y))
  }
}
