package spindle.connect

import org.scalactic.Tolerance._
import org.scalatest.funsuite.AnyFunSuite
import spindle.compile.{Mode, RowLoop}
import spindle.ir.Rows

/** What skips that are uniform instead of geometric do to probability and degrees. */
class UniformSkipsSuite extends AnyFunSuite {

  /** Synapses per row and per column. */
  private def degrees(c: UniformSkips, seed: Long): (Array[Int], Array[Int]) = {
    val rows = c.rows("rows", Rows.Storage.REGENERATED)
    val loop = new RowLoop(rows, c.arguments("rows", seed), Mode.PLAIN)
    val (perRow, perColumn) = (new Array[Int](rows.rows), new Array[Int](rows.columns))
    for (chunk <- 0 until rows.chunks)
      loop.visit(Array.range(0, rows.rows), 0, rows.rows, chunk, (row, columns, from, to, _, _) => {
        perRow(row) += to - from
        for (k <- from until to) perColumn(columns(k)) += 1
      })
    (perRow, perColumn)
  }

  private def mean(d: Array[Int]): Double = d.map(_.toDouble).sum / d.length

  private def variance(d: Array[Int], about: Double): Double = d.map(x => (x - about) * (x - about)).sum / d.length

  for ((p, realised) <- Seq(0.1 -> 0.1, 0.15 -> 1 / 7.0, 0.3 -> 2 / 7.0, 0.4 -> 0.4, 0.7 -> 2 / 3.0, 0.9 -> 2 / 3.0, 1.0 -> 1.0, 0.0 -> 0.0)) {
    test(f"p = $p: every column has probability $realised%.4f") {
      val c = new UniformSkips(20000, 60, p, false)
      assert(c.expectedSynapses === realised * 20000 * 60 +- 1e-6)
      val (_, perColumn) = degrees(c, 1)
      val v = 20000 * realised * (1 - realised)
      // Rows are independent, so columns are binomial; none is favoured, the first included.
      for (j <- perColumn.indices)
        assert((perColumn(j) - 20000 * realised).abs <= 4.5 * math.sqrt(v), s"column $j")
      if (v > 0) {
        val chi2 = perColumn.map(d => (d - 20000 * realised) * (d - 20000 * realised) / v).sum
        // Columns of a row repel each other, which spreads the sum over columns less than chi-square.
        assert((chi2 - 60).abs < 5 * math.sqrt(2 * 60.0))
      }
    }
  }

  // Long rows: what was measured for BrainPy is 0.37 to 0.30 at 0.02 to 0.1, by length of its pieces.
  for ((p, ratio) <- Seq(0.02 -> 0.33, 0.1 -> 0.30, 0.3 -> 0.24)) {
    test(s"p = $p: a long row has $ratio of the mean as variance, a third of the binomial's; a column all of it") {
      for (byPost <- Seq(false, true)) {
        val (rows, columns) = (1000, 20000)
        val c = if (byPost) new UniformSkips(columns, rows, p, true) else new UniformSkips(rows, columns, p, false)
        val real = 2.0 / c.clen
        val (perRow, perColumn) = degrees(c, 2)
        assert(variance(perRow, columns * real) / (columns * real) === ratio +- 0.05)
        assert(ratio === (1 - real) / 3 +- 0.01)
        assert(variance(perColumn, rows * real) / (rows * real) === (1 - real) +- 0.05)
        assert(mean(perRow) === columns * real +- 4 * math.sqrt(columns * real * ratio / rows))
      }
    }
  }

  test("synapses of a row are less than clen apart inside a chunk") {
    val c = new UniformSkips(50, 3000, 0.03, false)
    val loop = new RowLoop(c.rows("rows", Rows.Storage.REGENERATED), c.arguments("rows", 3), Mode.PLAIN)
    val gaps = new Array[Int](c.clen)
    loop.visit(Array.range(0, 50), 0, 50, 0, (_, columns, from, to, _, _) =>
      for (k <- from + 1 until to) gaps(columns(k) - columns(k - 1)) += 1)
    val n = gaps.sum
    val expected = n / (c.clen - 1.0)
    assert(gaps(0) === 0)
    val chi2 = gaps.drop(1).map(g => (g - expected) * (g - expected) / expected).sum
    assert((chi2 - (c.clen - 2)).abs < 4 * math.sqrt(2.0 * (c.clen - 2)))
  }

  test("a p that 24 bits cannot skip by is refused") {
    for (p <- Seq(-0.1, 1e-9, 1.5, Double.NaN))
      assert(intercept[IllegalArgumentException](new UniformSkips(3, 3, p, false)).getMessage === s"p must be 0 or in [2^-22, 1], got $p")
  }
}
