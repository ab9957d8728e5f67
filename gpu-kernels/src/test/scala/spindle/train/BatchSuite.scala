package spindle.train

import scala.util.Random

import org.scalatest.funsuite.AnyFunSuite
import spindle.ir._

/** The order of a batch, and sums and maxima along it. */
class BatchSuite extends AnyFunSuite {
  private val shapes = for (size <- Seq(1, 2, 3, 7, 10, 64); members <- Seq(1, 2, 7, 64)) yield (size, members)

  private def numbers(n: Int): Array[Double] = {
    val random = new Random(n)
    Array.fill(n)(random.nextGaussian())
  }

  private def sketch(x: Array[Double], members: Int)(f: (Batch, Expr) => Map[String, Expr]) =
    new Sketch(Map("x" -> x), DType.F64)(t => f(new Batch(t, members), t.load("x")))

  test("element j of member b stands at j * members + b") {
    for ((size, members) <- shapes) {
      val out = sketch(numbers(size * members), members) { (b, x) =>
        Map("j" -> b.element(b.size(x)), "b" -> b.member(b.size(x)))
      }.run().head
      assert(out("j").toSeq === (0 until size * members).map(_ / members))
      assert(out("b").toSeq === (0 until size * members).map(_ % members))
    }
  }

  test("the element is right up to the longest vectors") {
    // The arithmetic of Batch.element, next to multiples, where it would be wrong first.
    val ends = Seq(1 << 23, Int.MaxValue)
    for (end <- ends; members <- Seq(2, 3, 7, 100, 255, 4097, 1000003, end / 2, end); k <- 0 to 2000) {
      val multiple = (end - 1L) / members - k
      for (i <- Seq(multiple * members - 1, multiple * members, multiple * members + 1) if i >= 0 && i < end) {
        val j = if (end <= (1 << 23)) ((i.toFloat + 0.5f) / members.toFloat).toInt else ((i + 0.5) / members).toInt
        assert(j === i / members)
      }
    }
  }

  test("sums, maxima and means go along elements or members, in order") {
    for ((size, members) <- shapes) {
      val x = numbers(size * members)
      val out = sketch(x, members) { (b, e) =>
        Map("elements" -> b.sumElements(e), "members" -> b.sumMembers(e), "max" -> b.maxElements(e),
          "mean" -> b.mean(b.sumElements(e)), "sum" -> b.sum(b.sumElements(e)))
      }.run().head
      def of(b: Int) = (0 until size).map(j => x(j * members + b))
      assert(out("elements").toSeq === (0 until members).map(b => of(b).foldLeft(0.0)(_ + _)))
      assert(out("max").toSeq === (0 until members).map(b => of(b).max))
      assert(out("members").toSeq === (0 until size).map(j => x.slice(j * members, (j + 1) * members).foldLeft(0.0)(_ + _)))
      assert(out("sum").toSeq === Seq(out("elements").foldLeft(0.0)(_ + _)))
      assert(out("mean").toSeq === Seq(out("sum").head / members))
    }
  }

  test("a maximum with NaN is NaN, of its member only") {
    val x = Array(1, 2, Double.NaN, 0, 5, 1)
    val max = sketch(x, 2)((b, e) => Map("max" -> b.maxElements(e))).run().head("max")
    assert(max(0).isNaN && max(1) === 2)
  }

  test("spreading is the transpose of summing over elements") {
    for ((size, members) <- shapes) {
      val (x, y) = (numbers(size * members), numbers(members))
      val out = new Sketch(Map("x" -> x, "y" -> y), DType.F64)({ t =>
        val b = new Batch(t, members)
        Map("spread" -> b.spread(t.load("y"), size), "sum" -> b.sumElements(t.load("x")))
      }).run().head
      assert((spindle.grad.Derivatives.dot(out("spread"), x) - spindle.grad.Derivatives.dot(out("sum"), y)).abs < 1e-10)
    }
  }

  test("picking and marking take the element that each member names") {
    val x = Array.tabulate(12)(_.toDouble)
    val out = new Sketch(Map("x" -> x, "which" -> Array(2.0, 0, 1)), DType.F64, Set("which"))({ t =>
      val b = new Batch(t, 3)
      Map("picked" -> b.pick(t.load("x"), t.load("which")), "hot" -> b.oneHot(t.load("which"), 4, DType.F64))
    }).run().head
    assert(out("picked").toSeq === Seq(6, 1, 5))
    assert(out("hot").indices.filter(out("hot")(_) != 0) === Seq(1, 5, 6))
    assert(out("hot").sum === 3)
  }

  test("members that are not there do not count") {
    val out = new Sketch(Map("x" -> Array(1.0, 2, 100), "here" -> Array(1.0, 1, 0)), DType.F64)({ t =>
      Map("mean" -> new Batch(t, 3).mean(t.load("x"), t.load("here")))
    }).run().head
    assert(out("mean").toSeq === Seq(1.5))
  }

  test("a vector that is no batch is refused") {
    val e = intercept[IllegalArgumentException](sketch(new Array(7), 3)((b, x) => Map("y" -> b.sumElements(x))))
    assert(e.getMessage === "a batch of 3 needs a multiple of it in elements, got f64[7]")
    assert(intercept[IllegalArgumentException](new Batch(new Trace("t"), 0)).getMessage === "a batch has at least 1 member, got 0")
  }
}
