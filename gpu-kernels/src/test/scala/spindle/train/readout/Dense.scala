package spindle.train.readout

import scala.util.Random

/** Plain dense algebra in float64, for comparison. */
private[readout] object Dense {
  type Matrix = Array[Array[Double]]

  /** Gaussian, with an offset so that a bias has something to do. */
  def random(rows: Int, columns: Int, seed: Int, offset: Double = 0): Matrix = {
    val r = new Random(seed)
    Array.fill(rows, columns)(r.nextGaussian() + offset)
  }

  def features(x: Matrix, units: Int): Features = Features.bySample(x.flatten, x.length, units)

  def column(x: Matrix, j: Int): Array[Double] = x.map(_(j))

  /** Sums over samples in their order. */
  def gram(z: Matrix, units: Int): Matrix = {
    val g = Array.ofDim[Double](units, units)
    for (row <- z; i <- 0 until units; j <- 0 until units) g(i)(j) += row(i) * row(j)
    g
  }

  def withOne(x: Matrix, y: Matrix): Matrix = x.zip(y).map { case (a, b) => a ++ b :+ 1.0 }

  /** Gaussian elimination with partial pivots; right sides beside the matrix. */
  def solve(a: Matrix, b: Matrix): Matrix = {
    val n = a.length
    val m = a.zip(b).map { case (l, r) => l ++ r }
    for (k <- 0 until n) {
      val p = (k until n).maxBy(i => m(i)(k).abs)
      val t = m(k); m(k) = m(p); m(p) = t
      for (i <- k + 1 until n) {
        val f = m(i)(k) / m(k)(k)
        for (j <- k until m(i).length) m(i)(j) -= f * m(k)(j)
      }
    }
    for (k <- n - 1 to 0 by -1; j <- n until m(k).length) {
      for (i <- k + 1 until n) m(k)(j) -= m(k)(i) * m(i)(j)
      m(k)(j) /= m(k)(k)
    }
    m.map(_.drop(n))
  }

  /** Weights and bias of ridge regression from centred samples. */
  def ridge(x: Matrix, y: Matrix, sizes: (Int, Int), lambda: Double, bias: Boolean): (Matrix, Array[Double]) = {
    val (units, targets) = sizes
    def means(a: Matrix, n: Int): Array[Double] =
      Array.tabulate(n)(j => if (bias && a.nonEmpty) column(a, j).sum / a.length else 0.0)
    val (mx, my) = (means(x, units), means(y, targets))
    val z = x.zip(y).map { case (a, b) => a.zip(mx).map(p => p._1 - p._2) ++ b.zip(my).map(p => p._1 - p._2) }
    val g = gram(z, units + targets)
    for (u <- 0 until units) g(u)(u) += lambda
    val w = solve(g.take(units).map(_.take(units)), g.take(units).map(_.drop(units)))
    (w, Array.tabulate(targets)(t => my(t) - (0 until units).map(u => mx(u) * w(u)(t)).sum))
  }

  /** Largest difference of a readout from weights and bias. */
  def distance(r: Readout, expected: (Matrix, Array[Double])): Double = {
    val weights = for (u <- 0 until r.units; t <- 0 until r.targets) yield (r.weight(u, t) - expected._1(u)(t)).abs
    val bias = r.bias.zip(expected._2).map { case (a, b) => (a - b).abs }
    (weights ++ bias).maxOption.getOrElse(0.0)
  }
}
