package spindle.train.data

import org.scalatest.funsuite.AnyFunSuite

class ImagesSuite extends AnyFunSuite {
  private def images(count: Int): Images =
    new Images(2, 3, 10, Array.tabulate(6 * count)(_.toByte), Array.tabulate(count)(i => (i % 10).toByte))

  test("a subset holds the images it names and leaves the others") {
    for (count <- Seq(0, 1, 7, 64, 1000); from <- Seq(0, count / 3, count); n <- Seq(0, count / 2, count) if from + n <= count) {
      val (all, part) = (images(count), images(count).subset(from, n))
      assert(part.count === n)
      for (i <- 0 until n; r <- 0 until 2; c <- 0 until 3) {
        assert(part.pixel(i, r, c) === all.pixel(from + i, r, c))
        assert(part.label(i) === all.label(from + i))
      }
    }
  }

  test("pixels and labels are unsigned") {
    val one = new Images(1, 1, 256, Array((-1).toByte), Array((-2).toByte))
    assert((one.pixel(0, 0, 0), one.label(0)) === ((255, 254)))
  }

  test("a subset that is not there is refused with its numbers") {
    for ((from, n) <- Seq((-1, 1), (0, 8), (7, 1), (3, -1), (Int.MaxValue, Int.MaxValue)))
      assert(intercept[IllegalArgumentException](images(7).subset(from, n)).getMessage ===
        s"cannot take $n images from $from on: there are 7")
  }

  test("sizes that disagree and labels out of range are refused") {
    def refusal(rows: Int, classes: Int, pixels: Int, labels: Byte*): String =
      intercept[IllegalArgumentException](new Images(rows, 2, classes, new Array(pixels), labels.toArray)).getMessage
    assert(refusal(0, 10, 0) === "images need at least 1 x 1 pixels, got 0 x 2")
    assert(refusal(1, 257, 0) === "classes must be in [1, 256], got 257")
    assert(refusal(2, 10, 5, 1) === "1 labels of 2 x 2 images need 4 pixels, got 5")
    assert(refusal(1, 3, 4, 0, 3) === "label 1 must be in [0, 3), got 3")
  }

  test("halves of a split must agree in size and classes") {
    val other = new Images(3, 2, 10, Array.empty, Array.empty)
    assert(intercept[IllegalArgumentException](new Split(images(1), other)).getMessage ===
      "training and test images must agree, got 2 x 3 in 10 classes and 3 x 2 in 10 classes")
    val first = new Split(images(7), images(5)).first(4, 2)
    assert((first.train.count, first.test.count) === ((4, 2)))
  }
}

class DigitsSuite extends AnyFunSuite {
  test("the bundled digits are the published ones: counts per class, and pixels in seventeen grey levels") {
    val digits = Digits.read()
    assert((digits.train.count, digits.test.count, digits.train.rows, digits.train.columns) === ((1297, 500, 8, 8)))
    val labels = digits.train.labels ++ digits.test.labels
    // Counts per class of the test part, from the description of the set.
    assert((0 until 10).map(c => labels.count(_ == c)) === Seq(178, 182, 177, 183, 181, 182, 181, 179, 174, 180))
    val levels = (0 to 16).map(v => math.round(255 * v / 16.0).toInt).toSet
    assert(digits.train.pixels.map(_ & 0xff).toSet === levels)
  }

  test("the first image is a zero, pixel for pixel") {
    val first = Digits.read().train.subset(0, 1)
    assert(first.label(0) === 0)
    val row = (0 until 8).map(c => math.round(16 * first.pixel(0, 0, c) / 255.0))
    assert(row === Seq(0, 0, 5, 13, 9, 1, 0, 0))
  }
}
