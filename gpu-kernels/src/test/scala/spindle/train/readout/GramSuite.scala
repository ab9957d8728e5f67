package spindle.train.readout

import java.io.{ByteArrayInputStream, ByteArrayOutputStream, IOException}

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

private object Grams {
  def bits(g: Gram): Seq[Long] =
    for (i <- 0 until g.shape.size; j <- i until g.shape.size) yield java.lang.Double.doubleToLongBits(g.tiles.at(i, j))

  /** Samples with targets, cut into blocks. */
  final class Samples(count: Int, units: Int, targets: Int, val blockSize: Int, seed: Int = 1) {
    val x: Dense.Matrix = Dense.random(count, units, seed, 0.5)
    val y: Dense.Matrix = Dense.random(count, targets, seed + 1)
    val shape = new Gram.Shape(units, targets, blockSize)
    val blocks: Int = (count + blockSize - 1) / blockSize

    def add(g: Gram, block: Int): Gram = {
      val (from, n) = (block * blockSize, blockSize min (count - block * blockSize))
      g.add(Dense.features(x, units).slice(from, n), Dense.features(y, targets).slice(from, n))
      g
    }

    def all(part: Gram.Part = Gram.Part.WHOLE): Gram = {
      val g = new Gram(shape, 0, part)
      (0 until blocks).foreach(add(g, _))
      g
    }

    def one(block: Int, part: Gram.Part = Gram.Part.WHOLE): Gram = add(new Gram(shape, block, part), block)
  }

  def bytes(g: Gram): Array[Byte] = {
    val out = new ByteArrayOutputStream
    GramFile.write(g, out)
    out.toByteArray
  }
}

class GramSuite extends AnyFunSuite {
  import Grams._

  test("the Gram of one block equals the plain sums over samples, bit for bit") {
    for ((count, units) <- Seq((1, 0), (1, 1), (7, 7), (64, 64), (66, 129), (1000, 7), (3, 300))) {
      val s = new Samples(count, units, 3, 1000)
      val expected = Dense.gram(Dense.withOne(s.x, s.y), units + 4)
      val g = s.all()
      for (i <- 0 until units + 4; j <- 0 until units + 4) assert(g.tiles.at(i, j) === expected(i)(j))
      assert((g.samples, g.blocks) === ((count.toLong, 1)))
    }
  }

  test("the Gram of many blocks equals the plain sums of the blocks, added in order, bit for bit") {
    val s = new Samples(150, 9, 2, 64)
    val blocks = Dense.withOne(s.x, s.y).grouped(64).map(Dense.gram(_, 12)).toSeq
    val expected = blocks.reduce((a, b) => a.zip(b).map { case (p, q) => p.zip(q).map(v => v._1 + v._2) })
    val g = s.all()
    for (i <- 0 until 12; j <- 0 until 12) assert(g.tiles.at(i, j) === expected(i)(j))
  }

  test("a sum over no samples is zero") {
    val g = new Gram(new Gram.Shape(7, 2, 64))
    assert(bits(g).forall(_ == 0) && g.samples === 0 && g.blocks === 0)
  }

  test("blocks summed apart and added in order give the bits of blocks summed in one place") {
    for (units <- Seq(1, 7, 200); blockSize <- Seq(1, 7, 64, 1000)) {
      val s = new Samples(100, units, 2, blockSize)
      val g = new Gram(s.shape)
      (0 until s.blocks).map(s.one(_)).foreach(g.add(_))
      assert(bits(g) === bits(s.all()))
      assert((g.samples, g.blocks) === ((100L, s.blocks)))
    }
  }

  test("parts made apart and joined give the bits of the whole, also with more parts than tiles") {
    val s = new Samples(100, 300, 2, 64)
    for (of <- Seq(1, 2, 3, 6, 7, 20)) {
      val parts = (0 until of).map(k => s.all(new Gram.Part(k, of)))
      assert(bits(Gram.join(parts.asJava)) === bits(s.all()))
    }
  }

  test("layout and precision of the features do not matter when the values are the same") {
    val values = Array.tabulate(64 * 7)(k => (k * 37 % 101).toFloat / 8)
    val y = Features.oneHot(Array.fill(64)(0.toByte), 1)
    def of(f: Features): Seq[Long] = { val g = new Gram(new Gram.Shape(7, 1, 64)); g.add(f, y); bits(g) }
    val byUnit = Array.tabulate(64 * 7)(k => values((k % 64) * 7 + k / 64))
    val expected = of(Features.bySample(values, 64, 7))
    assert(of(Features.byUnit(byUnit, 64, 7)) === expected)
    assert(of(Features.bySample(values.map(_.toDouble), 64, 7)) === expected)
  }

  test("a block that is not the next, or several at once, are refused") {
    val s = new Samples(100, 3, 1, 10)
    val g = s.one(0)
    assert(intercept[IllegalArgumentException](g.add(s.one(2))).getMessage === "block number must be 1, got 2")
    val two = s.add(s.one(1), 2)
    assert(intercept[IllegalArgumentException](g.add(two)).getMessage === "blocks of what is added must be 1, got 2")
    val part = s.one(1, new Gram.Part(0, 2))
    assert(intercept[IllegalArgumentException](g.add(part)).getMessage.startsWith("cannot add "))
    assert(bits(g) === bits(s.one(0)))
  }

  test("nothing can follow a block that is not full") {
    val s = new Samples(15, 3, 1, 10)
    val next = new Samples(40, 3, 1, 10)
    assert(intercept[IllegalStateException](next.add(s.all(), 2)).getMessage.startsWith("only the last block may"))
    assertThrows[IllegalStateException](s.all().add(next.one(2)))
  }

  test("sizes that do not fit are refused with both numbers") {
    def x(samples: Int, units: Int): Features = Features.bySample(new Array[Float](samples * units), samples, units)
    val g = new Gram(new Gram.Shape(3, 1, 10))
    def refusal(a: Features, b: Features): String = intercept[IllegalArgumentException](g.add(a, b)).getMessage
    assert(refusal(x(5, 4), x(5, 1)) === "units must be 3, got 4")
    assert(refusal(x(5, 3), x(5, 2)) === "targets must be 1, got 2")
    assert(refusal(x(5, 3), x(4, 1)) === "samples of targets must be 5, got 4")
    assert(refusal(x(11, 3), x(11, 1)) === "a block must have 1 to 10 samples, got 11")
    assert(refusal(x(0, 3), x(0, 1)) === "a block must have 1 to 10 samples, got 0")
    assertThrows[IllegalArgumentException](new Gram.Shape(3, 1, 0))
    assertThrows[IllegalArgumentException](new Gram.Shape(-1, 1, 1))
    assertThrows[IllegalArgumentException](new Gram.Shape(Int.MaxValue, Int.MaxValue, 1))
    assertThrows[IllegalArgumentException](new Gram.Part(2, 2))
    assertThrows[IllegalArgumentException](new Gram(g.shape, -1, Gram.Part.WHOLE))
  }

  test("parts that do not belong together are not joined") {
    val s = new Samples(20, 300, 1, 10)
    val (a, b) = (s.all(new Gram.Part(0, 2)), s.all(new Gram.Part(1, 2)))
    val short = s.one(0, new Gram.Part(1, 2))
    for (bad <- Seq(Seq(), Seq(a), Seq(b, a), Seq(a, a), Seq(a, short)))
      assertThrows[IllegalArgumentException](Gram.join(bad.asJava))
  }

  test("tile numbers and columns agree, up to a million") {
    var t = 0
    for (j <- 0 until 1414; i <- 0 to j) {
      assert(Tiles.index(i, j) == t && Tiles.column(t) == j)
      t += 1
    }
    assert(t > 1000000)
  }
}

class GramFileSuite extends AnyFunSuite {
  import Grams._

  private def read(bytes: Array[Byte]): Gram = GramFile.read(new ByteArrayInputStream(bytes), "g.bin")

  test("a Gram written and read back is the same, whole or in part, and can go on") {
    for (units <- Seq(0, 1, 7, 64, 200)) {
      val s = new Samples(100, units, 2, 64)
      assert(bits(read(bytes(s.all()))) === bits(s.all()))
      assert(bits(s.add(read(bytes(s.one(0))), 1)) === bits(s.all()))
      val parts = (0 until 3).map(k => read(bytes(s.all(new Gram.Part(k, 3)))))
      assert(bits(Gram.join(parts.asJava)) === bits(s.all()))
      assert((parts(1).samples, parts(1).blocks, parts(1).first, parts(1).shape) === ((100L, 2, 0, s.shape)))
    }
  }

  test("several follow each other in one stream") {
    val s = new Samples(20, 5, 1, 10)
    val in = new ByteArrayInputStream(bytes(s.one(0)) ++ bytes(s.one(1)))
    val g = GramFile.read(in, "g.bin")
    g.add(GramFile.read(in, "g.bin"))
    assert(bits(g) === bits(s.all()) && in.available === 0)
  }

  test("every cut and every flipped bit is found") {
    val good = bytes(new Samples(3, 2, 1, 10).all())
    good.indices.foreach(cut => assertThrows[IOException](read(good.take(cut))))
    for (k <- good.indices; bit <- 0 until 8) {
      val bad = good.clone
      bad(k) = (bad(k) ^ (1 << bit)).toByte
      assert(intercept[IOException](read(bad)).getMessage.startsWith("g.bin: "))
    }
  }

  test("the bytes of a small Gram are the documented ones") {
    val g = new Gram(new Gram.Shape(1, 0, 4))
    g.add(Features.bySample(Array(2.0, 3.0), 2, 1), Features.bySample(Array.empty[Double], 2, 0))
    val b = java.nio.ByteBuffer.wrap(bytes(g)).order(java.nio.ByteOrder.LITTLE_ENDIAN)
    assert(new String(bytes(g).take(8)) === "SPNDGRAM")
    b.position(8)
    assert(Seq.fill(6)(b.getInt) === Seq(1, 1, 0, 4, 0, 1))
    assert(b.getLong === 2)
    assert(Seq.fill(3)(b.getInt) === Seq(0, 1, 128))
    b.getInt
    assert(Seq.fill(4)(b.getDouble) === Seq(13, 5, 5, 2))
    b.getInt
    assert(!b.hasRemaining)
  }
}
