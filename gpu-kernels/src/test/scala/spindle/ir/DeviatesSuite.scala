package spindle.ir

import org.scalatest.funsuite.AnyFunSuite

/** Random numbers at fixed seeds; z values are in standard errors, so 4 is one in 16,000. */
class DeviatesSuite extends AnyFunSuite {
  private val n = 100000
  private val floats = Seq(DType.F32, DType.F64)

  private def uniform(dtype: DType, key: Key): Array[Double] = Generators.deviates(dtype, n, key)(identity)

  private def normal(dtype: DType, key: Key): Array[Double] =
    Generators.deviates(dtype, n, key)(Deviates.normal(_))

  private def mean(x: Array[Double]): Double = x.sum / x.length

  private def correlation(x: Array[Double], y: Array[Double]): Double = {
    val (a, b) = (mean(x), mean(y))
    val xy = x.zip(y).map { case (u, v) => (u - a) * (v - b) }.sum
    xy / math.sqrt(x.map(u => (u - a) * (u - a)).sum * y.map(v => (v - b) * (v - b)).sum)
  }

  test("keys of streams are golden") {
    assert(Key.of(0, "") === new Key(-92802740, 1528952463))
    assert(Key.of(1, "exc.pairs") === new Key(1719458371, 1838357256))
    assert(Key.of(1, "inh.pairs") === new Key(1469495599, 1312359840))
    assert(Key.of(-1, "cells.v") === new Key(1995943773, 240471634))
    assert(Key.of(Long.MaxValue, "µ") === new Key(283710570, -985092883))
  }

  test("uniform deviates lie in (0, 1] with the mean, variance and evenness of the law") {
    for (dtype <- floats; seed <- 1 to 3) {
      val u = uniform(dtype, Key.of(seed, "law"))
      assert(u.min > 0 && u.max <= 1)
      assert((mean(u) - 0.5).abs < 4 * math.sqrt(1.0 / 12 / n))
      assert((mean(u.map(x => (x - 0.5) * (x - 0.5))) - 1.0 / 12).abs < 4 * math.sqrt(1.0 / 180 / n))
      val cells = u.groupBy(x => math.ceil(x * 256)).values.map(_.length)
      val chi2 = cells.map(c => (c - n / 256.0) * (c - n / 256.0) / (n / 256.0)).sum
      assert(cells.size == 256 && (chi2 - 255).abs < 4 * math.sqrt(2 * 255))
    }
  }

  test("the lowest bits of a deviate are as even as the highest") {
    val low = uniform(DType.F32, Key.of(1, "bits")).map(u => ((u * (1 << 24)).toInt & 15).toDouble)
    val counts = low.groupBy(identity).values.map(_.length)
    val chi2 = counts.map(c => (c - n / 16.0) * (c - n / 16.0) / (n / 16.0)).sum
    assert(counts.size == 16 && (chi2 - 15).abs < 4 * math.sqrt(30))
  }

  test("neighbouring deviates of a stream are uncorrelated") {
    for (dtype <- floats) {
      val u = uniform(dtype, Key.of(7, "lag"))
      for (lag <- Seq(1, 2, 3, 16, 64, 1024)) {
        val r = correlation(u.drop(lag), u.dropRight(lag))
        assert(r.abs < 4 / math.sqrt(n.toDouble), s"$dtype at lag $lag")
      }
    }
  }

  test("streams of different seeds, names, rows and chunks are independent") {
    val base = uniform(DType.F32, Key.of(1, "a"))
    val others = Seq(Key.of(2, "a"), Key.of(1, "b"), new Key(Key.of(1, "a").k0, 0), new Key(0, Key.of(1, "a").k1))
    others.map(uniform(DType.F32, _)).foreach(u => assert(correlation(base, u).abs < 4 / math.sqrt(n.toDouble)))
    // Sub-streams: rows of a matrix, keyed by (row, chunk), compared column by column.
    val rows = 200
    val columns = n / rows
    val u = Generators.map(DType.F32, new Array[Double](n)) { x =>
      val i = x.trace.index(n)
      val row = i.as(DType.F64).plus(0.5).over(columns).as(DType.I32)
      val key = Key.of(3, "rows")
      val keys = new Deviates.Keys(x.trace.constant(DType.I32, key.k0), x.trace.constant(DType.I32, key.k1))
      keys.at(row, x.trace.constant(DType.I32, 0)).uniform(DType.F32, i.minus(row.times(columns)))
    }
    assert(correlation(u.drop(columns), u.dropRight(columns)).abs < 4 / math.sqrt(n.toDouble))
    assert(correlation(u.drop(columns + 1), u.dropRight(columns + 1)).abs < 4 / math.sqrt(n.toDouble))
    val columnMeans = Array.tabulate(columns)(j => mean(Array.tabulate(rows)(i => u(i * columns + j))))
    val chi2 = columnMeans.map(m => (m - 0.5) * (m - 0.5) * 12 * rows).sum
    assert((chi2 - columns).abs < 4 * math.sqrt(2.0 * columns))
  }

  test("a deviate is a pure function of keys and counter") {
    assert(uniform(DType.F32, Key.of(5, "x")).toSeq === uniform(DType.F32, Key.of(5, "x")).toSeq)
    assert(uniform(DType.F32, Key.of(5, "x")).take(8).toSeq !== uniform(DType.F32, Key.of(6, "x")).take(8).toSeq)
  }

  test("normal deviates have the moments and tails of the law") {
    for (dtype <- floats; seed <- 1 to 2) {
      val x = normal(dtype, Key.of(seed, "normal"))
      assert(x.forall(_.abs < 9))
      assert(mean(x).abs < 4 / math.sqrt(n.toDouble))
      assert((mean(x.map(v => v * v)) - 1).abs < 4 * math.sqrt(2.0 / n))
      assert(mean(x.map(v => v * v * v)).abs < 4 * math.sqrt(15.0 / n))
      assert((mean(x.map(v => v * v * v * v)) - 3).abs < 4 * math.sqrt(96.0 / n))
      for ((bound, p) <- Seq(1.0 -> 0.31731050786, 2.0 -> 0.04550026390, 3.0 -> 0.00269979606)) {
        val beyond = x.count(_.abs > bound)
        assert((beyond - n * p).abs < 4 * math.sqrt(n * p * (1 - p)), s"beyond $bound")
      }
    }
  }

  test("the normal quantile inverts the published distribution") {
    // P(N <= z) to 17 digits (Abramowitz and Stegun 26.2, computed with 30 digits).
    val table = Seq(0.5 -> 0.0, 0.841344746068542949 -> 1.0, 0.977249868051820793 -> 2.0,
      0.998650101968369905 -> 3.0, 0.975 -> 1.95996398454005423, 0.9 -> 1.28155156554460046,
      0.999968328758166880 -> 4.0, 0.00134989803163009453 -> -3.0, 2.86651571879193912e-7 -> -5.0)
    val z = Generators.map(DType.F64, table.map(_._1).toArray)(Deviates.normal(_))
    // One step of the deviates' grid moves u by 2^-53, hence z by 2^-53 over the density.
    table.zip(z).foreach { case ((u, right), is) =>
      val density = math.exp(-right * right / 2) / math.sqrt(2 * math.Pi)
      assert((is - right).abs < 4e-16 * (1 + right.abs) + math.pow(2, -52) / density, s"at $u")
    }
  }

  test("normal deviates are symmetric: u and its mirror give opposite numbers") {
    for ((dtype, bits) <- Seq(DType.F32 -> 24, DType.F64 -> 53)) {
      val step = math.pow(2, -bits)
      val u = Array.tabulate(4096)(i => if (i < 64) (i + 1) * step else math.rint(i / 4096.0 / step) * step)
      val low = Generators.map(dtype, u)(Deviates.normal(_))
      val high = Generators.map(dtype, u.map(x => 1 - x + step))(Deviates.normal(_))
      u.indices.foreach(i => assert(low(i) == -high(i), s"$dtype at ${u(i)}"))
      assert(low.sliding(2).drop(64).forall(p => p(0) < p(1)))
    }
  }

  test("log2 of no deviate is above 0, and none is further off than half an ulp of the result and 2e-7") {
    val u = Array.tabulate(1 << 17)(i => 1 - i * math.pow(2, -24)) ++
      Array.tabulate(1 << 17)(i => (i + 1) * math.pow(2, -24)) ++
      Array.tabulate(1 << 17)(i => (i * 128 + 1) * math.pow(2, -24))
    val y = Generators.map(DType.F32, u)(Elementary.log2(_))
    u.indices.foreach { i =>
      val right = StrictMath.log(u(i)) / StrictMath.log(2)
      assert(y(i) <= 0, s"log2 ${u(i)}")
      if ((y(i) - right).abs > 2e-7 + Math.ulp(right.toFloat) / 2) fail(s"log2 ${u(i)} should be $right, is ${y(i)}")
    }
  }

  test("geometric gaps are never negative, never above 2^30, and follow the law") {
    for (p <- Seq(1e-6, 0.001, 0.02, 0.3, 0.9)) {
      val perLog2 = StrictMath.log(2) / StrictMath.log1p(-p)
      val gaps = Generators.deviates(DType.F32, n, Key.of(1, s"p$p")) { u =>
        Deviates.geometric(u, u.like(perLog2)).as(DType.F32)
      }
      assert(gaps.forall(g => g >= 0 && g < (1 << 30) && g == math.rint(g)))
      val cut = math.max(1, (0.7 / p).toInt)
      val tail = math.pow(1 - p, cut)
      val beyond = gaps.count(_ >= cut)
      assert((beyond - n * tail).abs < 4 * math.sqrt(n * tail * (1 - tail)) + 1, s"p = $p")
    }
  }
}
