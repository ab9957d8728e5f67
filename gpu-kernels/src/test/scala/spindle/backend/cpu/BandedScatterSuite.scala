package spindle.backend.cpu

import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks

/** Rows that are sorted by target before they are added give the bits of rows that are added as they come. */
class BandedScatterSuite extends AnyFunSuite with TableDrivenPropertyChecks {
  private case class Row(number: Int, columns: Array[Int], weights: Array[Float])

  private val random = new scala.util.Random(3)

  private def value(): Float = random.nextInt(20) match {
    case 0 => 0f
    case 1 => -0f
    case 2 => Float.PositiveInfinity
    case _ => random.nextGaussian().toFloat
  }

  /** A visit may bring any row, and part of it again. */
  private def visits(rows: Int, width: Int, p: Double, first: Int => Int): Seq[Row] =
    for (i <- 0 until rows) yield {
      val low = first(i)
      val some = (low until width).filter(_ => random.nextDouble() < p)
      val columns = random.shuffle(if (some.isEmpty && low < width) Seq(low) else some ++ some.take(1)).toArray // one twice
      Row(random.nextInt(7), columns, columns.map(_ => value()))
    }

  private def give(rows: Seq[Row], weighted: Boolean, visitor: spindle.compile.RowVisitor): Unit =
    for (r <- rows) {
      // behind other rows' synapses, as in a matrix
      val w = if (weighted) Array.fill(5)(9f) ++ r.weights else null
      visitor.row(r.number, Array.fill(3)(0) ++ r.columns, 3, 3 + r.columns.length, w, 5)
    }

  private val cases = Table(
    ("rows", "width", "p", "what it meets"),
    (0, 5, 1.0, "nothing"),
    (1, 1, 1.0, "one synapse"),
    (40, 9, 1.0, "bands of 16 rows, and a rest"),
    (200, 30, 0.3, "bands of unequal rows"),
    (6000, 2000, 0.0006, "as many rows as a band may have, too few synapses to sort"),
    (6000, 500, 0.002, "as many rows, and enough to sort"),
    (30, 50, 0.05, "most targets without a synapse")
  )

  for (weighted <- Seq(false, true); batch <- Seq(16, 64, 128, 203))
    test(s"bits and order of sums: batch $batch, ${if (weighted) "weights" else "no weights"}") {
      forAll(cases) { (rows, width, p, what) =>
        for (first <- Seq[Int => Int](_ => 0, i => i * width / math.max(1, rows))) {
          val all = visits(rows, width, p, first)
          val x = Array.fill(7 * batch)(value())
          val before = Array.fill(width * batch)(value())
          val plain = before.clone()
          give(all, weighted, FloatSums.scatter(x, plain, batch))
          val sums = before.clone()
          val banded = new BandedScatter(x, sums, batch)
          for (_ <- 0 until 2) { // twice: nothing is left behind
            System.arraycopy(before, 0, sums, 0, before.length)
            banded.clear()
            give(all, weighted, banded)
            banded.finish()
            assert(bits(sums) === bits(plain), what)
          }
        }
      }
    }

  test("what is 0 takes nothing from infinite or NaN weights of sparse rows") {
    val (pre, post, batch) = (90, 20, 131)
    val indptr = Array.tabulate(pre + 1)(_ * 4)
    val columns = Array.tabulate(pre * 4)(k => (k / 4 + k % 4 * 5) % post).grouped(4).flatMap(_.sorted).toArray
    val csr = new Csr(post, indptr, indptr, columns.map(_.toChar), Array.empty, Array.empty, Array.empty)
    val w = Array.fill(columns.length)(value())
    w(7) = Float.NaN
    val x = Array.tabulate(pre * batch)(k => if (k / batch == 1 || w.slice(k / batch * 4, k / batch * 4 + 4).exists(_.isInfinite)) 0f else value().min(3))
    val y = new Array[Float](post * batch)
    new StoredMatrix("w", csr, 0).product(new Matrix.Sum(spindle.ir.Direction.ALONG, x, y, batch, null), w, Share.WHOLE).run()
    val right = new Array[Float](post * batch)
    for (k <- columns.indices; b <- 0 until batch if x(k / 4 * batch + b) != 0) {
      val at = columns(k) * batch + b
      right(at) = Math.fma(x(k / 4 * batch + b), w(k), right(at))
    }
    assert(right.forall(!_.isNaN) && bits(y.map(_ + 0f)) === bits(right.map(_ + 0f)))
  }

  private def bits(v: Array[Float]): Seq[Int] = v.toSeq.map(java.lang.Float.floatToIntBits)
}
