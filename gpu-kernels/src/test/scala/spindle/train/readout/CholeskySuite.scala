package spindle.train.readout

import org.scalatest.funsuite.AnyFunSuite

class CholeskySuite extends AnyFunSuite {
  private def tiles(a: Dense.Matrix): Tiles = {
    val t = new Tiles(a.length)
    for (k <- 0 until Tiles.count(a.length)) {
      val j = Tiles.column(k)
      val tile = t.zero(k)
      val from = (k - Tiles.index(0, j)) * Tiles.WIDTH
      for (r <- tile.indices; c <- tile(r).indices) tile(r)(c) = a(from + r)(j * Tiles.WIDTH + c)
      t.put(k, tile)
    }
    t
  }

  private def positive(n: Int): Dense.Matrix = {
    val a = Dense.gram(Dense.random(n, n, n), n)
    for (i <- 0 until n) a(i)(i) += 1
    a
  }

  test("R'R is the matrix and A x is b, for sizes around the tile's") {
    for (n <- Seq(0, 1, 7, 64, 127, 128, 129, 257, 300)) {
      val a = positive(n)
      val t = tiles(a)
      val factor = Cholesky.of(t, "unit")
      val norm = a.flatten.map(_.abs).maxOption.getOrElse(0.0)
      // Backward error of Cholesky: about n eps |A| (Higham 2002, theorem 10.3).
      val tolerance = 2.2e-16 * (n + 8) * norm
      for (i <- 0 until n; j <- i until n by 1 + n / 50) {
        val sum = (0 to i).map(k => t.at(k, i) * t.at(k, j)).sum
        assert((sum - a(i)(j)).abs <= tolerance)
      }
      val x = Array.tabulate(n)(i => math.sin(i + 1.0))
      val b = a.map(row => row.zip(x).map(p => p._1 * p._2).sum)
      val right = b.clone
      factor.solve(b)
      val residual = a.zip(right).map { case (row, y) => (row.zip(b).map(p => p._1 * p._2).sum - y).abs }
      assert(residual.forall(_ <= 20 * tolerance))
    }
  }

  test("a singular, an indefinite and a non-finite matrix are refused by the unit that shows it") {
    def refusal(a: Dense.Matrix): String = intercept[FitException](Cholesky.of(tiles(a), "unit")).getMessage
    for (n <- Seq(2, 7, 200)) {
      val twin = positive(n)
      for (i <- 0 until n) twin(n - 1)(i) = twin(0)(i)
      for (i <- 0 until n) twin(i)(n - 1) = twin(i)(0)
      twin(n - 1)(n - 1) = twin(0)(0)
      assert(refusal(twin).matches(s"the matrix is singular to working precision: the pivot of unit ${n - 1} is .*"))
      for (bad <- Seq(-1.0, 0.0, Double.NaN, Double.PositiveInfinity)) {
        val a = positive(n)
        a(n / 2)(n / 2) = bad
        assert(refusal(a).contains(s"pivot of unit ${n / 2} is "))
      }
    }
  }
}
