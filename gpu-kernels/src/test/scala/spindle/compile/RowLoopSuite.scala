package spindle.compile

import scala.util.Random

import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks
import spindle.connect.{Bernoulli, Connectivity, FixedOutDegree, UniformSkips}
import spindle.ir.Rows

/** Rows that are counted or gathered together have the synapses of rows that are listed one by one. */
class RowLoopSuite extends AnyFunSuite with TableDrivenPropertyChecks {
  private val modes = Mode.PLAIN +: Seq(Mode.VECTOR).filter(_ => Jvm.hasVectors)

  private def loop(c: Connectivity, mode: Mode): (Rows, RowLoop) = {
    val rows = c.rows("rows", Rows.Storage.REGENERATED)
    (rows, new RowLoop(rows, c.arguments("rows", 5), mode))
  }

  private val laws = Table[Connectivity](
    "law",
    (for {
      (pre, post) <- Seq((0, 7), (1, 1), (7, 64), (64, 7), (1000, 1000), (520, 70000))
      p <- Seq(0, 0.0004, 0.01, 0.3, 1)
      c <- Seq(new Bernoulli(pre, post, p), new UniformSkips(pre, post, p, false), new UniformSkips(pre, post, p, true))
      if c.expectedSynapses < 1e6
    } yield c) :+ new FixedOutDegree(1000, 1000, 20): _*)

  /** Rows to walk: all, none, one, and some out of order. */
  private def selections(rows: Int): Seq[Array[Int]] = {
    val shuffled = new Random(3).shuffle((0 until rows).toVector)
    Seq(Array.range(0, rows), Array.empty[Int], shuffled.take(1).toArray, shuffled.take(rows * 2 / 3).toArray)
  }

  test("columns are counted as they are listed, in every mode and type") {
    forAll(laws) { c =>
      val (rows, listing) = loop(c, Mode.PLAIN)
      for (wanted <- selections(rows.rows); mode <- modes) {
        val expected = new Array[Int](rows.columns)
        val (_, counting) = loop(c, mode)
        val room = rows.columns + RowLoop.SPILLS
        val (shorts, floats, doubles) = (new Array[Short](room), new Array[Float](room), new Array[Double](room))
        val walks = Seq[AnyRef](shorts, floats, doubles).map(counting.count(_, rows.columns))
        // Twice, and chunk by chunk: nothing stays behind from one walk to the next.
        for (_ <- 1 to 2; chunk <- 0 until rows.chunks) {
          listing.visit(wanted, 0, wanted.length, chunk, (_, columns, from, to, _, _) =>
            (from until to).foreach(k => expected(columns(k)) += 1))
          walks.foreach(_.walk(wanted, 0, wanted.length, chunk))
        }
        assert(shorts.take(rows.columns).map(_.toInt) sameElements expected, s"$c $mode")
        assert(floats.take(rows.columns).map(_.toInt) sameElements expected, s"$c $mode")
        assert(doubles.take(rows.columns).map(_.toInt) sameElements expected, s"$c $mode")
      }
    }
  }

  test("what does not count goes behind the columns, or is refused") {
    assume(Jvm.hasVectors, "rows that take turns need vectors")
    val (_, counting) = loop(new Bernoulli(8, 8, 0.5), Mode.VECTOR)
    val target = new Array[Float](8 + RowLoop.SPILLS)
    for (spill <- Seq(7, 9))
      assert(intercept[IllegalArgumentException](counting.count(target, spill)).getMessage.endsWith(s"got $spill"))
  }

  test("gathered rows have the bits of sums along their lists") {
    assume(Jvm.hasVectors, "rows are gathered together with vectors only")
    forAll(laws) { c =>
      val (rows, gathering) = loop(c, Mode.VECTOR)
      val random = new Random(7)
      val x = Array.fill(rows.columns)(random.nextGaussian().toFloat)
      for (wanted <- selections(rows.rows)) {
        val target = new Array[Float](rows.rows)
        gathering.gather(x, target).ifPresent { gather =>
          val expected = new Array[Float](rows.rows)
          for (chunk <- 0 until rows.chunks) {
            gather.walk(wanted, 0, wanted.length, chunk)
            gathering.visit(wanted, 0, wanted.length, chunk, (row, columns, from, to, _, _) =>
              (from until to).foreach(k => expected(row) += x(columns(k))))
          }
          assert(target sameElements expected, s"$c")
        }
      }
    }
    assert(loop(new Bernoulli(8, 8, 0.5), Mode.VECTOR)._2.gather(new Array(8), new Array(8)).isPresent)
  }
}
