package spindle.ir

import scala.util.Random

import org.scalatest.funsuite.AnyFunSuite
import spindle.backend.Arguments
import spindle.backend.reference.ReferenceBackend

/** What is known about values before they are computed. */
class RangeSuite extends AnyFunSuite {
  private val n = 1000
  private val vector = Type.vector(DType.F64, n)

  /** Values of random formulas of bounded inputs, and the ranges that they should lie in. */
  private def formulas(seed: Int): (Program, Seq[Range]) = {
    val t = new Trace("formulas")
    t.declare(Variable.of("x", vector))
    val random = new Random(seed)
    val x = t.load("x")
    var values = Vector(x.max(-3).min(2), x.min(5), x.max(0.5), x)
    def any: Expr = values(random.nextInt(values.size))
    for (_ <- 0 until 20) values :+= (random.nextInt(10) match {
      case 0 => any.plus(any)
      case 1 => any.minus(any)
      case 2 => any.times(any)
      case 3 => any.over(any.max(0.25))
      case 4 => any.fma(any, any)
      case 5 => any.negated()
      case 6 => any.max(any.min(any))
      case 7 => any.max(-40).min(40).exp()
      case 8 => any.max(-40).min(40).apply(Op.EXPM1)
      case _ => any.max(-40).min(40).apply(Op.EXPREL)
    })
    values.zipWithIndex.foreach { case (v, i) =>
      t.declare(Variable.of(s"y$i", vector))
      t.store(s"y$i", v)
    }
    val p = t.finish()
    (p, values.map(v => Range.of(p)(v.place)))
  }

  test("values lie between their bounds, to rounding") {
    val bounded = for (seed <- 1 to 20) yield {
      val (p, ranges) = formulas(seed)
      val e = new ReferenceBackend().load(p, new Arguments(java.util.Map.of(), java.util.Set.of()))
      val random = new Random(seed)
      e.write("x", Array.fill(n)(20 * random.nextDouble() - 10))
      e.run(0, 1)
      ranges.zipWithIndex.count { case (r, i) =>
        val y = new Array[Double](n)
        e.read(s"y$i", y.indices.toArray, y)
        val slack = 1e-9 * (1 + Seq(r.low, r.high).filter(!_.isInfinite).map(_.abs).maxOption.getOrElse(0.0))
        y.foreach(v => assert(v.isNaN || (v >= r.low - slack && v <= r.high + slack), s"seed $seed, y$i in $r"))
        !r.low.isInfinite && !r.high.isInfinite
      }
    }
    assert(bounded.sum > 60, "some of them are bounded on both sides")
  }

  test("where the argument is known to be small, exponentials need no bounds, and give the same bits") {
    for (dtype <- Seq(DType.F32, DType.F64); op <- Seq(Op.EXP, Op.EXPM1, Op.EXPREL); (low, high) <- Seq((-60.0, 60.0), (-1e9, 0.0), (-5.0, 5.0))) {
      val random = new Random(7)
      val x = Array.fill(n)(low.max(-100) + (high - low.max(-100)) * random.nextDouble()).map(v => if (dtype == DType.F32) v.toFloat.toDouble else v)
      val known = Generators.map(dtype, x)(_.max(low).min(high).apply(op))
      val unknown = Generators.map(dtype, x)(_.apply(op))
      assert(known.toSeq === unknown.toSeq, s"$op, $dtype, from $low to $high")
    }
  }

  test("a quotient by exprel is within 5 ulp of the truth, and exact where the argument is 0") {
    for (dtype <- Seq(DType.F32, DType.F64)) {
      val random = new Random(8)
      val x = 0.0 +: (Array.fill(n)(60 * random.nextDouble() - 30) ++ Array.fill(n)(random.nextDouble() - 0.5)).map(v =>
        if (dtype == DType.F32) v.toFloat.toDouble else v)
      val y = Generators.map(dtype, x)(z => z.like(1.5).over(z.apply(Op.EXPREL)))
      x.indices.foreach { i =>
        val right = if (x(i) == 0) 1.5 else 1.5 * x(i) / StrictMath.expm1(x(i))
        val ulp = if (dtype == DType.F32) Math.ulp(right.toFloat).toDouble else Math.ulp(right)
        // StrictMath itself is off by up to one.
        assert((y(i) - right).abs <= 6 * ulp, s"$dtype at ${x(i)}")
      }
    }
  }
}
