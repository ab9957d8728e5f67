package spindle.task

import scala.jdk.CollectionConverters._
import scala.jdk.OptionConverters._

import org.scalacheck.Gen
import org.scalatest.funsuite.AnyFunSuite
import org.scalatestplus.scalacheck.ScalaCheckPropertyChecks

class QuantitySuite extends AnyFunSuite with ScalaCheckPropertyChecks {
  private def parse(text: String): Option[Quantity] = Quantity.parse(text).toScala
  private val units = Gen.oneOf(Unit.values.toSeq)
  private val finite = Gen.oneOf(Gen.choose(-1e6, 1e6), Gen.choose(-1.0, 1.0), Gen.choose(1e-200, 1e-190), Gen.choose(1e200, 1e201))

  test("20 ms is 0.02 s to the last bit, however it is spelled") {
    val spellings = Seq("20 ms", "20ms", " 0.02 s ", "20000 us", "2e1 ms", "2.0E-2s", "+20. ms", ".02 s")
    assert(spellings.map(parse(_).get.si).distinct === Seq(0.02))
    assert(parse("0.1 ms").get.in(Unit.MICROSECOND) === 100)
    assert(parse("6 nS").get.in(Unit.NANOSIEMENS) === 6)
    assert(Seq("1 uF/cm2", "1uF/cm2", "0.01 F/m2").map(parse(_).get.si).distinct === Seq(0.01))
    assert(parse("20000 um2").get.in(Unit.SQUARE_CENTIMETRE) === 2e-4)
  }

  test("decimal values survive every unit: written, read and read in the unit again") {
    forAll(Gen.choose(-1000000, 1000000), Gen.choose(0, 6), units) { (digits, scale, unit) =>
      val value = new java.math.BigDecimal(java.math.BigInteger.valueOf(digits.toLong), scale)
      val q = parse(s"$value ${unit.symbol}").get
      assert(q.in(unit) === value.doubleValue)
      assert(Quantity.of(value.doubleValue, unit) === q)
      assert(parse(q.toString).get.si === q.si)
    }
  }

  test("a decimal text is the shortest that reads back, without point, plus or superfluous zeros") {
    forAll(finite) { x =>
      val text = Quantity.decimal(x)
      assert(text.toDouble === x)
      val digits = text.takeWhile(c => c != 'E' && c != 'e').filter(_.isDigit).dropWhile(_ == '0').length
      assert(digits <= java.math.BigDecimal.valueOf(x).stripTrailingZeros.precision)
    }
    assert(Seq(0.0, -0.0, 20, 0.02, 1e-9, 0.1 + 0.2).map(Quantity.decimal) ===
      Seq("0", "0", "2E+1", "0.02", "1E-9", "0.30000000000000004"))
  }

  test("units of one dimension convert exactly there and back; of two never") {
    forAll(Gen.choose(-100000, 100000), units, units) { (n, a, b) =>
      val q = Quantity.of(n / 8.0, a)
      if (a.dimension == b.dimension) assert(Quantity.of(q.in(b), b).si === q.si)
      else {
        val e = intercept[IllegalArgumentException](q.in(b))
        assert(e.getMessage === s"expected ${b.dimension.label}, got ${a.dimension.label}")
      }
    }
  }

  test("what is no number with a known unit is nothing") {
    for (text <- Seq("", "ms", "20 minutes", "20 MS", "20 Ms", "twenty ms", "20 m s", "1,5 ms", "20 ms ms",
        "NaN", "inf", "0x10", "--3 ms", "1e ms", "20 %", "20;ms"))
      assert(parse(text) === None, text)
  }

  test("minus zero is zero, and what is not finite is refused") {
    assert(1 / parse("-0 mV").get.si === Double.PositiveInfinity)
    assert(intercept[IllegalArgumentException](parse("1e999 s")).getMessage === "a quantity must be finite, got Infinity")
    assert(intercept[IllegalArgumentException](new Quantity(Double.NaN, Unit.ONE)).getMessage.contains("NaN"))
  }

  test("symbols name one unit each, and every dimension has its SI unit") {
    assert(Unit.values.map(_.symbol).distinct.length === Unit.values.length)
    for (u <- Unit.values) assert(Unit.of(u.symbol).toScala === Some(u))
    for (d <- Dimension.values) assert(Unit.of(d).asScala.exists(_.exponent == 0), d)
    assert(Unit.of("MV").toScala === None)
  }

  test("huge and tiny numbers are shown in powers of ten, and read back") {
    for (text <- Seq("1e45 nS", "-2.5e-20 mV", "1e12 Hz")) {
      assert(Quantity.parse(text).get.toString === text)
    }
    assert(Quantity.parse("40000 Hz").get.toString === "40000 Hz" && Quantity.parse("0.00002 s").get.toString === "0.00002 s")
  }
}
