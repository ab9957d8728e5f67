package spindle.connect

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite
import spindle.backend.Arguments
import spindle.backend.cpu.CpuBackend
import spindle.compile.{Mode, RowLoop}
import spindle.ir._

/** Distance-dependent connections: each pair against its own probability, wherever it lies. */
class GaussianSuite extends AnyFunSuite {
  private val name = "rows"

  private def law(pre: (Int, Int), post: (Int, Int), periodic: Boolean, sigma: Double, peak: Double, self: Boolean = true) =
    new Gaussian(new Grid(pre._1, pre._2, periodic), new Grid(post._1, post._2, periodic), sigma, peak, self)

  private def synapses(c: Gaussian, seed: Long): Set[(Int, Int)] = {
    val rows = c.rows(name, Rows.Storage.REGENERATED)
    val loop = new RowLoop(rows, c.arguments(name, seed), Mode.PLAIN)
    val found = Set.newBuilder[(Int, Int)]
    for (chunk <- 0 until rows.chunks)
      loop.visit(Array.range(0, rows.rows), 0, rows.rows, chunk, (row, columns, from, to, _, _) =>
        (from until to).foreach(k => found += ((row, columns(k)))))
    found.result()
  }

  /** d^2 by the definition, in float64. */
  private def squared(c: Gaussian, i: Int, j: Int): Double = {
    def along(cell: Int, own: Int, other: Int, side: Int) = {
      val d = ((cell + 0.5) * side / own - 0.5 - other).abs
      if (c.to.periodic) d min (side - d) else d
    }
    val dy = along(i / c.from.width, c.from.height, j / c.to.width, c.to.height)
    val dx = along(i % c.from.width, c.from.width, j % c.to.width, c.to.width)
    dy * dy + dx * dx
  }

  private def p(c: Gaussian, i: Int, j: Int): Double = {
    val d2 = squared(c, i, j)
    if (!c.self && i == j) 0 else c.peak * math.exp(-d2 / (2 * c.sigma * c.sigma))
  }

  /** The deviates that pairs are tested with, all of them, without any box. */
  private def deviates(c: Gaussian, seed: Long): Array[Double] = {
    val n = c.pre * c.post
    val t = new Trace("deviates")
    t.declare(Variable.of("u", Type.vector(DType.F32, n)))
    val row = t.index(n).as(DType.F64).plus(0.5).over(c.post).as(DType.I32)
    val keys = Deviates.Keys.parameters(t, s"$name.pairs").at(row, t.constant(DType.I32, 0))
    t.store("u", keys.uniform(DType.F32, t.index(n).minus(row.times(c.post))))
    val e = new CpuBackend(Mode.PLAIN).load(t.finish(), new Arguments(c.arguments(name, seed), java.util.Set.of()))
    e.run(0, 1)
    val u = new Array[Double](n)
    e.read("u", Array.range(0, n), u)
    u
  }

  private val laws = Seq(
    law((1, 1), (1, 1), periodic = true, 1, 0.5),
    law((7, 9), (7, 9), periodic = false, 0.3, 1),
    law((7, 9), (7, 9), periodic = true, 2, 0.9, self = false),
    law((8, 8), (8, 8), periodic = false, 40, 0.5, self = false),
    law((5, 4), (12, 33), periodic = false, 1.7, 1),
    law((12, 33), (5, 4), periodic = true, 0.6, 1),
    law((1, 40), (1, 60), periodic = true, 3, 0.7),
    law((3, 50), (1, 70), periodic = false, 0.01, 1),
    law((3, 50), (300, 2), periodic = true, 1000, 0.2),
    law((2, 3), (200, 210), periodic = true, 3, 0.8),
    law((2, 3), (200, 210), periodic = false, 30, 0.8))

  for (c <- laws) {
    test(s"a pair is connected where its deviate is at most p(d): $c") {
      val u = deviates(c, 4)
      val found = synapses(c, 4)
      for (i <- 0 until c.pre; j <- 0 until c.post) {
        val limit = p(c, i, j)
        val deviate = u(i * c.post + j)
        // p rounds in float32, d to a few parts in 2^24.
        val tolerance = limit * 4e-5
        if ((deviate - limit).abs > tolerance) assert(found((i, j)) === (deviate <= limit), s"($i, $j)")
      }
      val exact = (for (i <- 0 until c.pre; j <- 0 until c.post) yield p(c, i, j)).sum
      assert((c.expectedSynapses - exact).abs <= 1e-5 * exact + 1e-12)
    }
  }

  test("chunks are bands of grid rows, and more than one where the grid is large") {
    assert(laws.map(_.rows(name, Rows.Storage.AUTO).chunks).toSet === Set(1, 2))
  }

  test("degrees by distance have mean and variance of independent pairs") {
    val c = law((30, 40), (30, 40), periodic = true, 2, 0.7)
    val found = synapses(c, 1)
    val rings = found.toSeq.groupMapReduce { case (i, j) => squared(c, i, j).toInt } (_ => 1)(_ + _)
    val pairs = (0 until c.post).groupMapReduce(j => squared(c, 0, j).toInt)(_ => 1)(_ + _)
    for (d2 <- Seq(0, 1, 2, 4, 5, 8, 9, 20, 25)) {
      val (n, chance) = (pairs(d2) * c.pre, 0.7 * math.exp(-d2 / 8.0))
      assert((rings.getOrElse(d2, 0) - n * chance).abs < 4 * math.sqrt(n * chance * (1 - chance)), s"d^2 = $d2")
    }
    val mean = c.expectedSynapses / c.pre
    val variance = (0 until c.post).map(j => p(c, 0, j)).map(q => q * (1 - q)).sum
    for (degrees <- Seq(found.toSeq.groupMapReduce(_._1)(_ => 1)(_ + _), found.toSeq.groupMapReduce(_._2)(_ => 1)(_ + _))) {
      val chi2 = (0 until c.pre).map(i => degrees.getOrElse(i, 0) - mean).map(d => d * d / variance).sum
      assert((chi2 - c.pre).abs < 4 * math.sqrt(2.0 * c.pre), s"$chi2")
    }
  }

  test("grids are stretched edge to edge, and edges meet where they are to") {
    val c = law((2, 2), (6, 6), periodic = false, 0.6, 1)
    // The centre of each quarter is the middle of its 3 x 3 cells.
    for ((i, j) <- Seq(0 -> 7, 1 -> 10, 2 -> 25, 3 -> 28)) assert(p(c, i, j) === 1.0 && synapses(c, 1)((i, j)))
    assert(synapses(law((2, 2), (6, 6), periodic = false, 0.01, 1), 1) === Set(0 -> 7, 1 -> 10, 2 -> 25, 3 -> 28))
    val ring = law((1, 10), (1, 10), periodic = true, 0.2, 1, self = false)
    assert(synapses(ring, 1).isEmpty)
    assert(squared(law((1, 10), (1, 10), periodic = true, 1, 1), 0, 9) === 1.0)
  }

  private def refused(message: String)(make: => Any): Unit =
    assert(intercept[IllegalArgumentException](make).getMessage === message)

  test("what is no grid or no probability is refused") {
    refused("height and width must be in [0, 2^20], got -1 x 3")(new Grid(-1, 3, true))
    refused("a grid has at most 2^30 cells, got 1048576 x 1025")(new Grid(1 << 20, 1025, true))
    refused("sigma must be > 0 and finite, got 0.0")(law((1, 1), (1, 1), periodic = true, 0, 1))
    refused("peak must be in [0, 1], got 1.5")(law((1, 1), (1, 1), periodic = true, 1, 1.5))
    val (flat, round) = (new Grid(2, 3, false), new Grid(2, 3, true))
    refused(s"edges meet on one of two grids: $flat, $round")(new Gaussian(flat, round, 1, 1, true))
    val other = new Grid(3, 2, false)
    refused(s"without self-connections both grids are one, got $flat, $other")(new Gaussian(flat, other, 1, 1, false))
  }
}
