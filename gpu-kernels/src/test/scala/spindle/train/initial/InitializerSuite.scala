package spindle.train.initial

import org.scalatest.funsuite.AnyFunSuite
import spindle.ir.Key
import spindle.train.Figures
import spindle.train.initial.VarianceScaling.{Fan, Law}

/** Initializers at fixed seeds; tolerances of moments are 4 standard errors, one in 16,000. */
class InitializerSuite extends AnyFunSuite {
  private val shape = Shape.dense(200, 300)
  private val n = shape.length

  private val elementwise = Seq[Initializer](new Constant(0.5), new Uniform(-1, 3), new Normal(1, 2),
    new TruncatedNormal(1, 2, -0.5, 3)) ++ Law.values.map(VarianceScaling.kaiming)
  private val all = elementwise :+ new Orthogonal()

  private def moments(x: Array[Double]): (Double, Double) = {
    val mean = x.sum / x.length
    (mean, math.sqrt(x.map(v => (v - mean) * (v - mean)).sum / x.length))
  }

  test("values are a pure function of seed, name and index") {
    val shape = Shape.dense(20, 30)
    for (i <- elementwise) {
      val x = i.values(shape, 7, "w")
      assert(x.length === 600)
      assert(x.toSeq === i.values(shape, Key.of(7, "w")).toSeq)
      assert(i.values(new Shape(10, shape.fanIn, shape.fanOut), 7, "w").toSeq === x.take(10).toSeq, i)
    }
    for (i <- all if i != new Constant(0.5); (seed, name) <- Seq(8L -> "w", 7L -> "v")) {
      assert(i.values(shape, 7, "w").toSeq !== i.values(shape, seed, name).toSeq, i)
    }
  }

  test("the bits of values are golden") {
    val bits = all.map(i => java.lang.Double.toHexString(i.values(Shape.dense(3, 2), 1, "w").last))
    assert(bits === Seq("0x1.0p-1", "0x1.f023637bb21f4p0", "0x1.206301b610507p1", "0x1.65e97295d5b76p1",
      "0x1.539b540cb77a4p-1", "0x1.05e913bff9ebbp-1", "0x1.1a6ffc30fe5eep-1", "0x1.95f920df47bb2p-1"))
  }

  test("every size has as many values") {
    for (i <- elementwise; size <- Seq(0, 1, 7, 64, 1000)) {
      assert(i.values(Shape.vector(size), 1, "b").count(_.isFinite) === size)
    }
    for (rows <- Seq(0, 1, 7); columns <- Seq(0, 1, 7)) {
      assert(new Orthogonal().values(Shape.dense(rows, columns), 1, "w").count(_.isFinite) === rows * columns)
    }
  }

  test("uniform and normal values have the moments and bounds of the law") {
    val u = new Uniform(-1, 3).values(shape, 1, "u")
    assert(u.min > -1 && u.max <= 3 && u.min < -0.999 && u.max > 2.999)
    assert((moments(u)._1 - 1).abs < 4 * math.sqrt(16.0 / 12 / n))
    val (mean, deviation) = moments(new Normal(1, 2).values(shape, 1, "n"))
    assert((mean - 1).abs < 4 * 2 / math.sqrt(n.toDouble))
    assert((deviation - 2).abs < 4 * 2 / math.sqrt(2.0 * n))
  }

  test("truncated values invert SciPy's distribution") {
    val u = Figures("uniforms")
    for ((name, t) <- Seq("2" -> new TruncatedNormal(0, 1, -2, 2), "uneven" -> new TruncatedNormal(1, 0.5, -3, 0.5),
        "tail" -> new TruncatedNormal(0, 1, 2, 4))) {
      assert(Figures.difference(t.of(u), Figures(s"truncated.$name"), 1e-9) === None, name)
    }
    assert((TruncatedNormal.WITHIN_TWO - Figures.one("truncated.deviation")).abs < 1e-15)
  }

  test("the normal distribution is the published one, from bound to bound") {
    // As in DeviatesSuite: Abramowitz and Stegun 26.2, computed with 30 digits.
    for ((x, p) <- Seq(0.0 -> 0.5, 1.0 -> 0.841344746068542949, 2.0 -> 0.977249868051820793, -3.0 -> 0.00134989803163009453,
        -5.0 -> 2.86651571879193912e-7, 4.0 -> 0.999968328758166880, Double.NegativeInfinity -> 0.0,
        Double.PositiveInfinity -> 1.0)) {
      assert((TruncatedNormal.distribution(x) - p).abs <= 1e-12 * p, x)
    }
    val grid = (-80 to 80).map(i => TruncatedNormal.distribution(i / 10.0))
    assert(grid.sliding(2).forall(p => p(0) < p(1) || p(0) == 1))
  }

  test("variances are scale over fan, and those of PyTorch and SciPy") {
    for ((name, make) <- Seq[(String, Law => VarianceScaling)]("kaiming" -> VarianceScaling.kaiming,
        "xavier" -> VarianceScaling.xavier, "lecun" -> VarianceScaling.lecun); law <- Law.values) {
      val expected = Figures.one(s"$name.deviation")
      assert((make(law).deviation(shape) - expected).abs < 1e-15)
      val x = make(law).values(shape, 3, name)
      val (mean, deviation) = moments(x)
      assert(mean.abs < 4 * expected / math.sqrt(n.toDouble), s"$name $law")
      assert((deviation - expected).abs < 4 * expected / math.sqrt(2.0 * n), s"$name $law")
      law match {
        case Law.UNIFORM => assert(x.map(_.abs).max <= expected * math.sqrt(3) * (1 + 1e-15))
        case Law.TRUNCATED_NORMAL => assert(x.map(_.abs).max <= 2 * expected / TruncatedNormal.WITHIN_TWO * (1 + 1e-15))
        case Law.NORMAL => assert(x.map(_.abs).max > 3.5 * expected)
      }
    }
    val bound = VarianceScaling.kaiming(Law.UNIFORM).values(shape, 3, "w").map(_.abs).max
    assert(bound <= Figures.one("kaiming.bound") && bound > 0.9999 * Figures.one("kaiming.bound"))
    assert(new VarianceScaling(2, Fan.OUT, Law.NORMAL).deviation(shape) === math.sqrt(2.0 / 300))
    assert(VarianceScaling.kaiming(Law.NORMAL).deviation(Shape.sparse(1000, 100, 50)) === math.sqrt(2.0 / 20))
  }

  test("the fewer of rows and columns are orthogonal, of the length asked for") {
    for ((rows, columns) <- Seq((1, 1), (7, 7), (64, 7), (7, 64), (100, 100)); scale <- Seq(1.0, 2.5)) {
      val a = new Orthogonal(scale).values(Shape.dense(rows, columns), 5, "w")
      val few = math.min(rows, columns)
      def at(v: Int, k: Int) = if (columns <= rows) a(k * columns + v) else a(v * columns + k)
      for (p <- 0 until few; q <- 0 to p) {
        val product = (0 until math.max(rows, columns)).map(k => at(p, k) * at(q, k)).sum
        assert((product - (if (p == q) scale * scale else 0)).abs < 1e-13 * scale * scale)
      }
    }
  }

  test("orthogonal factors are LAPACK's, with a positive diagonal") {
    for ((name, rows, columns) <- Seq(("tall", 5, 3), ("square", 4, 4))) {
      val a = Figures(s"matrix.$name")
      val vectors = Array.tabulate(columns, rows)((j, i) => a(i * columns + j))
      Orthogonal.orthonormalize(vectors)
      val q = Array.tabulate(rows * columns)(k => vectors(k % columns)(k / columns))
      assert(Figures.difference(q, Figures(s"orthogonal.$name"), 1e-13) === None)
    }
  }

  test("what makes no initializer is refused, with value and rule") {
    for ((message, make) <- Seq[(String, () => Any)](
        ("value must be finite, got NaN", () => new Constant(Double.NaN)),
        ("low must be at most high, got 1.0, 0.0", () => new Uniform(1, 0)),
        ("mean must be finite and deviation at least 0, got 0.0, -1.0", () => new Normal(0, -1)),
        ("low must be below high, and 7 deviations be reached, got 8.0, 9.0", () => new TruncatedNormal(0, 1, 8, 9)),
        ("scale must be positive and finite, got 0.0", () => VarianceScaling.kaiming(Law.NORMAL).withScale(0)),
        ("sizes must be at least 0, got -1, fan 1.0, 1.0", () => Shape.vector(-1)))) {
      assert(intercept[IllegalArgumentException](make()).getMessage === message)
    }
    val sparse = Shape.sparse(10, 5, 4)
    assert(intercept[IllegalArgumentException](new Orthogonal().values(sparse, 1, "w")).getMessage ===
      s"only a dense matrix can be orthogonal, got $sparse")
  }
}
