package spindle.train.readout

import org.scalatest.funsuite.AnyFunSuite
import spindle.train.data.{Digits, Images}

class ReadoutSuite extends AnyFunSuite {
  test("scores are bias plus activity times weights, and the highest names the class") {
    for (samples <- Seq(0, 1, 7, 64); units <- Seq(0, 1, 7, 1000)) {
      val (x, w) = (Dense.random(samples, units, 1), Dense.random(units, 3, 2))
      val readout = new Readout(units, 3, w.flatten, Array(0.5, -1, 2))
      val expected = x.map(row => Array.tabulate(3)(t => Seq(0.5, -1, 2)(t) + row.indices.map(u => row(u) * w(u)(t)).sum))
      val found = readout.scores(Dense.features(x, units)).grouped(3).toSeq
      found.zip(expected).foreach { case (a, b) => a.zip(b).foreach(p => assert((p._1 - p._2).abs < 1e-11)) }
      val classes = readout.classify(Dense.features(x, units)).toSeq
      assert(classes === found.map(s => s.indexOf(s.max).toByte))
    }
  }

  test("equal scores go to the first class, and NaN to none") {
    val x = Features.bySample(Array(1.0, Double.NaN), 2, 1)
    assert(new Readout(1, 3, new Array(3), Array(1, 2, 2)).classify(x.slice(0, 1)).toSeq === Seq(1))
    assert(intercept[FitException](new Readout(1, 3, new Array(3), Array(1, 2, 2)).classify(x)).getMessage ===
      "score of target 0 for sample 1 is NaN")
  }

  test("sizes that do not fit are refused") {
    assertThrows[IllegalArgumentException](new Readout(2, 3, new Array(5), new Array(3)))
    assertThrows[IllegalArgumentException](new Readout(2, 3, new Array(6), new Array(2)))
    val readout = new Readout(2, 1, new Array(2), new Array(1))
    assertThrows[IllegalArgumentException](readout.scores(Features.bySample(new Array[Float](3), 1, 3)))
    assertThrows[IllegalArgumentException](readout.classify(Features.bySample(new Array[Float](3), 1, 3)))
  }

  test("a ridge readout of the bare pixels classifies the bundled digits") {
    def pixels(images: Images): Features =
      Features.bySample(images.pixels.map(p => (p & 0xff) / 255.0), images.count, 64)
    val digits = Digits.read()
    val readout = new Ridge(1, true).fit(pixels(digits.train), Features.oneHot(digits.train.labels, 10))
    val confusion = Confusion.of(10, digits.test.labels, readout.classify(pixels(digits.test)))
    // A linear classifier of this set gets about nine tenths right; guessing gets one tenth.
    assert(confusion.accuracy > 0.85 && confusion.samples === 500)
  }
}

class ConfusionSuite extends AnyFunSuite {
  test("counts, accuracy and standard error of a small example") {
    val c = Confusion.of(3, Array[Byte](0, 0, 1, 2), Array[Byte](0, 1, 1, 0))
    assert(Seq.tabulate(3, 3)((l, a) => c.count(l, a)) === Seq(Seq(1, 1, 0), Seq(0, 1, 0), Seq(1, 0, 0)))
    assert((c.samples, c.accuracy, c.standardError) === ((4L, 0.5, 0.25)))
  }

  test("all right gives 1 with no error, none right 0, and no samples NaN") {
    for (n <- Seq(1, 7, 64, 1000)) {
      val labels = Array.tabulate(n)(i => (i % 200).toByte)
      val right = Confusion.of(200, labels, labels)
      assert((right.accuracy, right.standardError, right.samples) === ((1.0, 0.0, n.toLong)))
      assert(Confusion.of(201, labels, labels.map(_ => 200.toByte)).accuracy === 0)
    }
    assert(Confusion.of(2, Array.empty, Array.empty).accuracy.isNaN)
  }

  test("the standard error is the deviation of accuracies drawn again and again") {
    val random = new scala.util.Random(1)
    val labels = new Array[Byte](200)
    val runs = Seq.fill(2000)(Confusion.of(2, labels, labels.map(_ => if (random.nextDouble() < 0.3) 1.toByte else 0.toByte)))
    val accuracies = runs.map(_.accuracy)
    val mean = accuracies.sum / 2000
    val deviation = math.sqrt(accuracies.map(a => (a - mean) * (a - mean)).sum / 1999)
    // The deviation of 2,000 draws is known to 1.6 %; five times that.
    assert((runs.map(_.standardError).sum / 2000 / deviation - 1).abs < 0.08)
  }

  test("lengths that differ and classes out of range are refused") {
    assertThrows[IllegalArgumentException](Confusion.of(2, new Array(1), new Array(2)))
    assert(intercept[IllegalArgumentException](Confusion.of(2, Array[Byte](0, 2), Array[Byte](0, 1))).getMessage ===
      "classes of sample 1 must be in [0, 2), got 2 and 1")
    assertThrows[IllegalArgumentException](new Confusion(0, Array.empty))
    assertThrows[IllegalArgumentException](new Confusion(2, new Array(3)))
  }
}
