package spindle.grad

import org.scalatest.funsuite.AnyFunSuite
import spindle.backend.Arguments
import spindle.connect.{AllToAll, Delayed}
import spindle.ir._

@spindle.Gpu
class DiagonalSuite extends AnyFunSuite {
  private val n = 9
  private val vector = Type.vector(DType.F64, n)

  /** The value and the slope of f at x, another state y beside it. */
  private def slopes(f: (Trace, Expr, Expr) => Expr, at: Int => Double): (Array[Double], Array[Double]) = {
    val t = new Trace("slope")
    Seq("x", "y", "f", "slope").foreach(v => t.declare(Variable.of(v, vector)))
    val value = f(t, t.load("x"), t.load("y"))
    t.store("f", value)
    t.store("slope", Diagonal.of(value, t.load("x")).plus(t.load("y").times(0)))
    val e = Generators.everywhere.load(t.finish(), new Arguments(java.util.Map.of(), java.util.Set.of()))
    e.write("x", Array.tabulate(n)(at))
    e.write("y", Array.tabulate(n)(i => 1.0 + i))
    e.run(0, 1)
    val Seq(values, slope) = Seq("f", "slope").map { v =>
      val out = new Array[Double](n)
      e.read(v, Array.range(0, n), out)
      out
    }
    (values, slope)
  }

  private val functions: Map[String, (Trace, Expr, Expr) => Expr] = Map(
    "a product with another state" -> ((_, x, y) => x.times(y).plus(x.exp()).over(x.times(x).plus(y))),
    "a function of x twice" -> ((_, x, _) => x.apply(Op.TANH).times(x.apply(Op.SIN)).minus(x)),
    "exprel, near and far from 0" -> ((_, x, _) => x.apply(Op.EXPREL)),
    "nothing of x" -> ((_, _, y) => y.times(2)))

  for ((name, f) <- functions) test(s"the slope is what a finite difference says: $name") {
    val h = 1.0 / (1 << 17)
    def at(i: Int): Double = (i - 4) * 0.37
    val (_, slope) = slopes(f, at)
    val (up, _) = slopes(f, i => at(i) + h)
    val (down, _) = slopes(f, i => at(i) - h)
    for (i <- slope.indices) {
      val expected = (up(i) - down(i)) / (2 * h)
      assert((slope(i) - expected).abs < 1e-7 * (1 + expected.abs), s"$i")
    }
  }

  test("what is written already stays as it is, histories of events included") {
    val t = new Trace("recent")
    t.declare(Variable.of("x", vector))
    t.declare(new Variable("spikes", vector.as(DType.EVENTS), 3))
    val law = new Delayed(new AllToAll(n, n), new Delayed.Uniform(1, 3))
    val g = t.propagate(t.recent("spikes", 3, 0, n), law.rows("r", Rows.Storage.AUTO), Direction.ALONG, DType.F64)
    val before = t.finish().equations.size
    assert(Diagonal.of(g.times(t.load("x")), t.load("x")).place === g.place)
    assert(t.finish().equations.size === before + 3, "x, the product, and the constant 1")
  }

  test("the derivative of exprel at 0 is 1/2, from both its branches") {
    val (_, slope) = slopes((_, x, _) => x.apply(Op.EXPREL), i => Seq(0, 1e-300, -1e-9, 0.2499999, 0.2500001, -0.25, 3, -40, 20)(i % 9))
    val exact = Seq(0.5, 0.5, 0.5 - 1e-9 / 3)
    exact.zipWithIndex.foreach { case (e, i) => assert((slope(i) - e).abs < 1e-15) }
    assert((slope(3) - slope(4)).abs < 1e-6)
    assert(slope.forall(s => s > 0 && !s.isNaN))
  }

  test("what depends on x by more than its own element has no diagonal derivative") {
    val refused = intercept[IllegalArgumentException](
      slopes((t, x, _) => t.propagate(x, new AllToAll(n, n).rows("all", Rows.Storage.AUTO), Direction.ALONG, DType.F64), _ => 1))
    assert(refused.getMessage.startsWith("no diagonal derivative through propagate"))
  }
}
