package spindle.train.readout

import org.scalatest.funsuite.AnyFunSuite

class FeaturesSuite extends AnyFunSuite {
  private def all(f: Features): Seq[Seq[Double]] =
    (0 until f.samples).map { s =>
      val row = Array.fill(f.units + 2)(-1.0)
      f.read(s, row, 1)
      assert(row.head === -1 && row.last === -1)
      row.slice(1, f.units + 1).toSeq
    }

  test("all layouts hold the same matrix") {
    for (samples <- Seq(0, 1, 7, 64); units <- Seq(0, 1, 7, 64)) {
      val m = Vector.tabulate(samples, units)((s, u) => (s * 100 + u) / 8.0)
      val byUnit = (for (u <- 0 until units; s <- 0 until samples) yield m(s)(u)).toArray
      val layouts = Seq(
        Features.bySample(m.flatten.toArray, samples, units),
        Features.bySample(m.flatten.map(_.toFloat).toArray, samples, units),
        Features.byUnit(byUnit, samples, units),
        Features.byUnit(byUnit.map(_.toFloat), samples, units))
      layouts.foreach(f => assert(all(f) === m && f.units === units))
      layouts.foreach(f => assert(all(f.slice(samples / 2, samples / 3)) === m.slice(samples / 2, samples / 2 + samples / 3)))
    }
  }

  test("labels become rows with a single 1") {
    assert(all(Features.oneHot(Array[Byte](2, 0), 3)) === Seq(Seq(0, 0, 1), Seq(1, 0, 0)))
    assert(intercept[IllegalArgumentException](Features.oneHot(Array[Byte](0, 3), 3)).getMessage ===
      "label of sample 1 must be in [0, 3), got 3")
  }

  test("lengths and slices that do not fit are refused") {
    assert(intercept[IllegalArgumentException](Features.bySample(new Array[Float](5), 2, 3)).getMessage ===
      "2 samples of 3 units do not fit 5 values")
    assertThrows[IllegalArgumentException](Features.byUnit(new Array[Double](6), -2, -3))
    val f = Features.bySample(new Array[Float](6), 2, 3)
    for ((from, n) <- Seq((-1, 1), (1, 2), (0, -1), (Int.MaxValue, Int.MaxValue)))
      assertThrows[IllegalArgumentException](f.slice(from, n))
  }
}
