package spindle.ir

import scala.util.Random

import org.scalatest.funsuite.AnyFunSuite

/**
 * The shared polynomials against StrictMath, in units in the last place of the true result.
 *
 * f32 is judged by StrictMath in double, rounded nowhere. f64 is judged by StrictMath, which is
 * itself off by up to 1 ulp; the bounds of f64 are those of Elementary plus that one.
 */
class ElementarySuite extends AnyFunSuite {
  private val inf = Double.PositiveInfinity

  private def round(dtype: DType, x: Double): Double = if (dtype == DType.F32) x.toFloat.toDouble else x

  private def ulp(dtype: DType, x: Double): Double =
    if (dtype == DType.F32) Math.ulp(x.toFloat).toDouble else Math.ulp(x)

  private def uniform(dtype: DType, from: Double, to: Double, n: Int = 20000): Array[Double] = {
    val random = new Random(5)
    Array.fill(n)(round(dtype, from + (to - from) * random.nextDouble()))
  }

  /** Numbers of every magnitude between 2^from and 2^to, of both signs. */
  private def logUniform(dtype: DType, from: Int, to: Int, n: Int = 20000): Array[Double] = {
    val random = new Random(6)
    Array.fill(n) {
      val x = (1 + random.nextDouble()) * StrictMath.pow(2, from + (to - from) * random.nextDouble())
      round(dtype, if (random.nextBoolean()) x else -x)
    }
  }

  /** The largest error in ulp of the result, and where it is. */
  private def worst(dtype: DType, x: Array[Double], f: Expr => Expr, truth: Double => Double): (Double, Double) = {
    val y = Generators.map(dtype, x)(f)
    x.indices.map { i =>
      val right = truth(x(i))
      val same = y(i) == round(dtype, right) || (y(i).isNaN && right.isNaN)
      (if (same) 0.0 else (y(i) - right).abs / ulp(dtype, right), x(i))
    }.maxBy { case (e, _) => if (e.isNaN) inf else e }
  }

  private def within(bound32: Double, bound64: Double, f: Expr => Expr, truth: Double => Double)(
      inputs: DType => Array[Double]): Unit =
    for ((dtype, bound) <- Seq(DType.F32 -> bound32, DType.F64 -> bound64)) {
      val (error, at) = worst(dtype, inputs(dtype), f, truth)
      assert(error <= bound, s"ulp, $dtype at $at")
    }

  private def valueAt(dtype: DType, x: Double, f: Expr => Expr): Double = Generators.map(dtype, Array(x))(f)(0)

  private def exact(f: Expr => Expr)(cases: (Double, Double)*): Unit =
    for (dtype <- Seq(DType.F32, DType.F64); (x, y) <- cases) {
      val is = valueAt(dtype, x, f)
      assert(is == y || (is.isNaN && y.isNaN), s"$dtype at $x: should be $y, is $is")
    }

  test("exp is within 2 ulp from twice the smallest normal number to overflow") {
    within(2, 3, _.exp, StrictMath.exp) {
      case DType.F32 => uniform(DType.F32, -86.9, 89.5) ++ logUniform(DType.F32, -140, 6).filter(_ > -86.9)
      case dtype => uniform(dtype, -707.9, 710.5) ++ logUniform(dtype, -1070, 9).filter(_ > -707.9)
    }
  }

  test("exp has its limits at 0, infinities and NaN, and is 0 where numbers are denormal") {
    exact(_.exp)(0.0 -> 1, -0.0 -> 1, inf -> inf, -inf -> 0, Double.NaN -> Double.NaN, 1e30 -> inf, -1e30 -> 0)
    for (x <- Seq(-87.34, -90, -103.2)) assert(valueAt(DType.F32, x, _.exp) === 0)
    for (x <- Seq(-708.4, -720, -745)) assert(valueAt(DType.F64, x, _.exp) === 0)
  }

  test("expm1 is within 4 ulp, also next to 0 and up to overflow") {
    within(4, 5, _.apply(Op.EXPM1), StrictMath.expm1) {
      case DType.F32 => uniform(DType.F32, -30, 88.72) ++ uniform(DType.F32, -1, 1) ++ logUniform(DType.F32, -126, 0)
      case dtype => uniform(dtype, -60, 709.78) ++ uniform(dtype, -1, 1) ++ logUniform(dtype, -1022, 0)
    }
  }

  test("expm1 has its limits at 0, infinities and NaN, and is the identity on the smallest normal numbers") {
    exact(_.apply(Op.EXPM1))(0.0 -> 0, -0.0 -> 0, inf -> inf, -inf -> -1, Double.NaN -> Double.NaN, 1e30 -> inf, -1e30 -> -1)
    assert(valueAt(DType.F32, java.lang.Float.MIN_NORMAL, _.apply(Op.EXPM1)) === java.lang.Float.MIN_NORMAL.toDouble)
    assert(valueAt(DType.F64, -java.lang.Double.MIN_NORMAL, _.apply(Op.EXPM1)) === -java.lang.Double.MIN_NORMAL)
  }

  test("exprel is within 4 ulp of (e^x - 1) / x, and 1 at 0") {
    within(4, 5, _.apply(Op.EXPREL), x => if (x == 0) 1 else StrictMath.expm1(x) / x) {
      case DType.F32 => uniform(DType.F32, -30, 88.72) ++ uniform(DType.F32, -1, 1) ++ logUniform(DType.F32, -126, 0)
      case dtype => uniform(dtype, -60, 709.78) ++ uniform(dtype, -1, 1) ++ logUniform(dtype, -1022, 0)
    }
    exact(_.apply(Op.EXPREL))(0.0 -> 1, -0.0 -> 1, inf -> Double.NaN, -inf -> 0, Double.NaN -> Double.NaN, 1e30 -> inf, -64.0 -> 1.0 / 64)
  }

  test("log is within 2 ulp from denormals to the largest number, also next to 1") {
    within(2, 3, _.log, StrictMath.log) {
      case DType.F32 => logUniform(DType.F32, -149, 127).map(_.abs) ++ uniform(DType.F32, 0.5, 2)
      case dtype => logUniform(dtype, -1074, 1022).map(_.abs) ++ uniform(dtype, 0.5, 2)
    }
  }

  test("log has its limits at 0, 1, infinity, below 0 and NaN") {
    exact(_.log)(0.0 -> -inf, -0.0 -> -inf, 1.0 -> 0, inf -> inf, -1.0 -> Double.NaN,
      -1e-40 -> Double.NaN, -inf -> Double.NaN, Double.NaN -> Double.NaN)
  }

  test("tanh is within 8 ulp and never leaves [-1, 1]") {
    within(8, 9, _.apply(Op.TANH), StrictMath.tanh) {
      case DType.F32 => uniform(DType.F32, -12, 12) ++ logUniform(DType.F32, -126, 4)
      case dtype => uniform(dtype, -25, 25) ++ logUniform(dtype, -1022, 5)
    }
    for (dtype <- Seq(DType.F32, DType.F64)) {
      val y = Generators.map(dtype, uniform(dtype, -40, 40))(_.apply(Op.TANH))
      assert(y.forall(_.abs <= 1))
    }
    exact(_.apply(Op.TANH))(0.0 -> 0, -0.0 -> 0, inf -> 1, -inf -> -1, Double.NaN -> Double.NaN, 1e30 -> 1)
  }

  // Near a zero of sine the reduced argument has lost what k * pi / 2 has rounded off, so the bound
  // is absolute: |k| <= 6366 times the error of the three-part constant, and half an ulp of 1.
  test("sin and cos are within 3e-7 (f32) and 1e-15 (f64) of the truth for |x| up to 1e4") {
    for ((dtype, bound) <- Seq(DType.F32 -> 3e-7, DType.F64 -> 1e-15)) {
      val x = uniform(dtype, -1e4, 1e4) ++ uniform(dtype, -4, 4) ++ logUniform(dtype, -100, 2)
      val sine = Generators.map(dtype, x)(_.apply(Op.SIN))
      val cosine = Generators.map(dtype, x)(_.apply(Op.COS))
      x.indices.foreach { i =>
        assert((sine(i) - StrictMath.sin(x(i))).abs <= bound, s"sin, $dtype at ${x(i)}")
        assert((cosine(i) - StrictMath.cos(x(i))).abs <= bound, s"cos, $dtype at ${x(i)}")
      }
    }
  }

  test("sin is within 2 ulp next to 0, and sin and cos of no finite number are NaN") {
    within(2, 3, _.apply(Op.SIN), StrictMath.sin)(dtype => logUniform(dtype, -100, -1))
    exact(_.apply(Op.SIN))(0.0 -> 0, -0.0 -> 0, inf -> Double.NaN, -inf -> Double.NaN, Double.NaN -> Double.NaN)
    exact(_.apply(Op.COS))(0.0 -> 1, -0.0 -> 1, inf -> Double.NaN, -inf -> Double.NaN, Double.NaN -> Double.NaN)
  }
}
