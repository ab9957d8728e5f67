package spindle.connect

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite
import org.scalatestplus.scalacheck.ScalaCheckPropertyChecks
import spindle.backend.Arguments
import spindle.backend.reference.ReferenceBackend
import spindle.compile.{Mode, RowLoop}
import spindle.ir._

/** Every connectivity, each law at once: which synapses there are, and that storage cannot matter. */
@spindle.Gpu
class ConnectivitySuite extends AnyFunSuite with ScalaCheckPropertyChecks {
  private val name = "rows"

  /** All synapses as (row, column, weight) in walking order. */
  private def synapses(c: Connectivity, seed: Long): Vector[(Int, Int, Double)] = {
    val all = Vector.newBuilder[(Int, Int, Double)]
    walk(c, seed)((i, row) => row.foreach { case (j, w) => all += ((i, j, w)) })
    all.result()
  }

  /** Gives every row of a connectivity, walked by the compiled row loop: column and weight. */
  private def walk(c: Connectivity, seed: Long)(use: (Int, Seq[(Int, Double)]) => Unit): Unit = {
    val rows = c.rows(name, Rows.Storage.REGENERATED)
    val loop = new RowLoop(rows, c.arguments(name, seed), Mode.PLAIN)
    val all = Array.tabulate(rows.rows)(identity)
    val found = Array.fill(rows.rows)(Vector.newBuilder[(Int, Double)])
    for (chunk <- 0 until rows.chunks) {
      loop.visit(all, 0, all.length, chunk, (row, columns, from, to, weights, first) =>
        (from until to).foreach { k =>
          val w = weights match {
            case null => 1.0
            case f: Array[Float] => f(first + k - from).toDouble
            case d: Array[Double] => d(first + k - from)
          }
          found(row) += ((columns(k), w))
        })
    }
    found.indices.foreach(i => use(i, found(i).result()))
  }

  /** Number of columns per row, or of rows per column. */
  private def degrees(s: Vector[(Int, Int, Double)], n: Int, of: ((Int, Int, Double)) => Int): Array[Int] = {
    val count = new Array[Int](n)
    s.foreach(x => count(of(x)) += 1)
    count
  }

  private def shapes: Seq[(Int, Int)] =
    Generators.sizes.map(n => (n, n)) ++ Seq((0, 7), (7, 0), (1, 64), (64, 1), (7, 1000), (1000, 7), (64, 65))

  /** Random subsets of the neurons spike, all of them at step 0; who receives what, and how often. */
  private def delivery(c: Connectivity, seed: Long, dtype: DType, storage: Rows.Storage): Case = {
    val trace = new Trace("delivery")
    trace.declare(Variable.of("received", Type.vector(dtype, c.post)))
    val keys = new Deviates.Keys(trace.constant(DType.I32, 17), trace.constant(DType.I32, 4))
    val u = keys.at(trace.time(), trace.time()).uniform(DType.F32, trace.index(c.pre))
    // 1, then 1/2, 1/3, ...
    val share = trace.constant(DType.F32, 1).over(trace.time().as(DType.F32).plus(1))
    val events = trace.collect(share.minus(u).heaviside)
    trace.store("received", trace.propagate(events, c.rows(name, storage), dtype))
    Case(trace.finish(), c.arguments(name, seed).asScala.view.mapValues(_.doubleValue).toMap, Map.empty)
  }

  for ((pre, post) <- shapes) {
    test(s"stored = regenerated = interpreted, $pre x $post") {
      // The interpreter walks large dense matrices too slowly; every row loop is there in a small one.
      val most = if (pre == 64 && post == 64) 4096 else 2000
      for {
        c <- Generators.connectivities(pre, post).filter(_.expectedSynapses <= most)
        dtype <- Seq(DType.F32, DType.F64).take(if (c.expectedSynapses <= 1000) 2 else 1)
      } {
        val stored = delivery(c, 3, dtype, Rows.Storage.STORED)
        val regenerated = delivery(c, 3, dtype, Rows.Storage.REGENERATED)
        val expected = stored.load(new ReferenceBackend)
        // The stand-in driver walks large matrices too slowly.
        val backends = if (pre * post > 10000) Generators.compiled else Generators.others
        val actual = backends.map(stored.load) ++ backends.map(regenerated.load)
        for (step <- 0 until 3) {
          (expected +: actual).foreach(_.run(step, 1))
          actual.foreach(a => assert(stored.difference(expected, a) === None, s"$c, step $step"))
        }
        val counts = (expected +: actual).map(_.synapses(name)).distinct
        assert(counts.size === 1, s"synapses of $c: $counts")
      }
    }
  }

  test("dense stored = regenerated at 1000 x 1000, where the interpreter is too slow") {
    for (c <- Generators.connectivities(1000, 1000).filter(_.expectedSynapses > 2000)) {
      val stored = delivery(c, 3, DType.F32, Rows.Storage.STORED)
      val expected = stored.load(Generators.compiled.head)
      expected.run(0, 1)
      for (backend <- Generators.compiled) {
        val actual = delivery(c, 3, DType.F32, Rows.Storage.REGENERATED).load(backend)
        actual.run(0, 1)
        assert(stored.difference(expected, actual) === None, s"$c, ${backend.device}")
        assert(expected.synapses(name) === actual.synapses(name))
      }
    }
  }

  test("columns lie in range and none comes twice in a row") {
    for ((pre, post) <- shapes; c <- Generators.connectivities(pre, post)) {
      val rows = c.rows(name, Rows.Storage.STORED)
      assert(rows.pre === pre && rows.post === post)
      val seen = new Array[Int](rows.columns)
      // An index out of range throws; a column seen twice in row i bears the mark i + 1 already.
      walk(c, 5) { (i, row) =>
        row.foreach { case (j, _) =>
          if (seen(j) == i + 1) fail(s"$c has column $j twice in row $i")
          seen(j) = i + 1
        }
      }
    }
  }

  test("the same seed gives the same matrix; another seed or name another one") {
    val random = Generators.connectivities(64, 65).filter {
      case b: Bernoulli => b.p > 0 && b.p < 1
      case f: FixedOutDegree => f.degree > 0 && f.degree < 65
      case f: FixedInDegree => f.degree > 0 && f.degree < 64
      case _: AllToAll | _: OneToOne | _: Csr => false
      case _ => true
    }
    assert(random.size >= 9)
    for (c <- random) {
      assert(synapses(c, 1) === synapses(c, 1))
      assert(synapses(c, 1).toSet !== synapses(c, 2).toSet, c.toString)
      assert(c.arguments("a", 1) !== c.arguments("b", 1))
    }
  }

  test("which pairs are connected does not depend on the weights") {
    val plain = new Bernoulli(64, 64, 0.3)
    val weighted = new Weighted(plain, Weighted.Law.NORMAL, 1, 0.5)
    assert(synapses(plain, 9).map(s => (s._1, s._2)) === synapses(weighted, 9).map(s => (s._1, s._2)))
  }

  test("p = 0 connects nobody, p = 1 and all-to-all everybody, one-to-one each with itself") {
    for ((pre, post) <- shapes if pre.toLong * post < 100000) {
      assert(synapses(new Bernoulli(pre, post, 0), 1).isEmpty)
      val all = for (i <- 0 until pre; j <- 0 until post) yield (i, j, 1.0)
      assert(synapses(new Bernoulli(pre, post, 1), 1) === all)
      assert(synapses(new AllToAll(pre, post), 1) === all)
    }
    for (n <- Generators.sizes) assert(synapses(new OneToOne(n), 1) === (0 until n).map(i => (i, i, 1.0)))
  }

  private def z(count: Double, mean: Double, variance: Double): Double = (count - mean) / math.sqrt(variance)

  for (p <- Seq(0.001, 0.02, 0.3, 0.7, 0.9)) {
    test(s"Bernoulli($p): number of synapses, in- and out-degrees have mean and variance of the law") {
      val (pre, post) = (1000, 700)
      for (seed <- 1 to 2) {
        val s = synapses(new Bernoulli(pre, post, p), seed)
        assert(z(s.size, pre * post * p, pre * post * p * (1 - p)).abs < 4)
        val sides = Seq((pre, post, (x: (Int, Int, Double)) => x._1), (post, pre, (x: (Int, Int, Double)) => x._2))
        for ((n, trials, of) <- sides) {
          // Sum of squared deviations over the binomial variance: chi-square with n degrees, whose
          // variance grows by the binomial's excess kurtosis where degrees are small.
          val v = trials * p * (1 - p)
          val chi2 = degrees(s, n, of).map(d => (d - trials * p) * (d - trials * p) / v).sum
          val excess = (1 - 6 * p * (1 - p)) / v
          assert(z(chi2, n, n * (2 + excess)).abs < 4, s"seed $seed, $n degrees")
        }
      }
    }
  }

  test("Bernoulli: neighbours in a row and in a column are independent") {
    val (n, p) = (500, 0.1)
    for (seed <- 1 to 2) {
      val s = synapses(new Bernoulli(n, n, p), seed).map(x => (x._1, x._2)).toSet
      for ((di, dj) <- Seq((0, 1), (0, 2), (1, 0), (1, 1), (2, 0), (1, -1))) {
        val both = s.count { case (i, j) => s((i + di, j + dj)) }
        val pairs = (n - di).toDouble * (n - dj.abs)
        // Each pair shares synapses with two others: covariance 2 p^3 (1 - p).
        val variance = pairs * (p * p * (1 - p * p) + 2 * p * p * p * (1 - p))
        assert(z(both, pairs * p * p, variance).abs < 4, s"offset ($di, $dj)")
      }
    }
  }

  test("Bernoulli: rows are uncorrelated, near and far, and so are the chunks of a row") {
    val (pre, post, p) = (400, 70000, 0.005)
    val law = new Bernoulli(pre, post, p)
    val width = new Chunks(post, p).width
    val chunks = law.rows(name, Rows.Storage.AUTO).chunks
    assert(chunks === 3)
    val count = Array.ofDim[Double](chunks, pre)
    synapses(law, 8).foreach { case (i, j, _) => count(j / width)(i) += 1 }
    val deviates = count.zipWithIndex.map { case (c, k) =>
      val n = (width min (post - k * width)).toDouble
      c.map(z(_, n * p, n * p * (1 - p)))
    }
    // Sums of products of independent standard deviates have a variance of 1 for each.
    for (lag <- Seq(1, 2, 16, 64, 100, 128, 200, 256, 399); c <- deviates) {
      val products = c.zip(c.drop(lag)).map { case (a, b) => a * b }
      assert(products.sum.abs < 4.5 * math.sqrt(products.length), s"rows $lag apart")
    }
    for (a <- 0 until chunks; b <- 0 until a; lag <- Seq(0, 1, 64)) {
      val products = deviates(a).zip(deviates(b).drop(lag)).map { case (x, y) => x * y }
      assert(products.sum.abs < 4.5 * math.sqrt(products.length), s"chunks $a and $b, rows $lag apart")
    }
  }

  test("Bernoulli: gaps inside a row have the geometric law") {
    val (n, p) = (1000, 0.05)
    val gaps = synapses(new Bernoulli(n, n, p), 4).groupBy(_._1).values
      .flatMap(_.map(_._2).sliding(2).collect { case Seq(a, b) if a < 500 => b - a - 1 }).toVector
    val cells = 20
    val expected = Vector.tabulate(cells)(k => p * math.pow(1 - p, k)) :+ math.pow(1 - p, cells)
    val counts = degrees(gaps.map(g => (0, g min cells, 1.0)), cells + 1, _._2)
    val chi2 = counts.indices.map { k =>
      val mean = gaps.size * expected(k)
      (counts(k) - mean) * (counts(k) - mean) / mean
    }.sum
    assert(z(chi2, cells, 2 * cells).abs < 4)
  }

  test("Bernoulli: a small p has the deviates it needs, in-degrees are binomial") {
    // With deviates of 24 bits each column would be hit with probability 1, 2 or 3 times 2^-24.
    val (pre, post, p) = (4000000, 100000, 9e-8)
    val law = new Bernoulli(pre, post, p)
    val loop = new RowLoop(law.rows(name, Rows.Storage.REGENERATED), law.arguments(name, 2), Mode.PLAIN)
    val count = new Array[Int](post)
    loop.visit(Array.range(0, pre), 0, pre, 0, (_, columns, from, to, _, _) => for (k <- from until to) count(columns(k)) += 1)
    val v = pre * p * (1 - p)
    assert(z(count.sum, v * post, v * post).abs < 4)
    val chi2 = count.map(d => (d - pre * p) * (d - pre * p) / v).sum
    assert(z(chi2, post, post * (2 + 1 / v)).abs < 4)
  }

  test("Bernoulli: from p = 2^-17 on, 24 bits give each gap its probability to 1.7 %; smaller p, down to none, take 53") {
    val least = Math.scalb(1.0, -17)
    val perLog2 = math.log(2) / math.log1p(-least)
    val uniforms = Array.tabulate(1 << 13)(k => 1 - Math.scalb(k.toDouble, -24))
    val gaps = Generators.map(DType.F32, uniforms)(u => Deviates.geometric(u, u.like(perLog2)).as(DType.F32))
    for ((gap, all) <- gaps.groupBy(identity) if gap < 63) assert((all.length / 128.0 - 1).abs <= 0.017, s"gap $gap")
    def deviates(p: Double): Set[DType] =
      new Bernoulli(3, 3, p).rows(name, Rows.Storage.AUTO).body.equations.asScala.filter(_.op == Op.PARAM)
        .map(_.`type`.dtype).filter(_.isFloat).toSet
    for (p <- Seq(0, least, 0.5, 1)) assert(deviates(p) === Set(DType.F32))
    for (p <- Seq(Math.nextDown(least), 1e-9, 1e-300, Double.MinPositiveValue)) {
      assert(deviates(p) === Set(DType.F64))
      assert(synapses(new Bernoulli(64, 1000, p), 1).size <= (if (p > 1e-6) 5 else 0))
    }
    for (storage <- Seq(Rows.Storage.STORED, Rows.Storage.REGENERATED))
      assert(delivery(new Bernoulli(300, 3000, 7e-6), 1, DType.F32, storage).difference(Generators.everywhere, 2) === None)
  }

  test("Bernoulli: a chunk border leaves no mark in long rows") {
    val (pre, p) = (300, 0.01)
    val post = 90000
    val law = new Bernoulli(pre, post, p)
    val s = synapses(law, 6)
    assert(law.rows(name, Rows.Storage.AUTO).chunks === 3)
    assert(z(s.size, pre.toDouble * post * p, pre.toDouble * post * p * (1 - p)).abs < 4)
    val border = new Chunks(post, p).width
    for ((from, to) <- Seq((border - 1, border + 1), (border - 10, border), (border, border + 10),
        (border - 1000, border), (border, border + 1000), (border, post), (post - 1000, post))) {
      val trials = pre.toDouble * (to - from)
      assert(z(s.count(x => x._2 >= from && x._2 < to), trials * p, trials * p * (1 - p)).abs < 4, s"[$from, $to)")
    }
    // Distance from the last synapse before the border to the first behind it, row by row.
    val across = s.groupBy(_._1).values.map { row =>
      row.map(_._2).filter(_ >= border).min - row.map(_._2).filter(_ < border).max
    }.toVector
    assert(z(across.sum.toDouble / across.size, 2 / p - 1, 2 * (1 - p) / (p * p) / across.size).abs < 4)
  }

  for (degree <- Seq(1, 13, 80)) {
    test(s"fixed degree $degree is exact on one side, and even on the other") {
      val (pre, post) = (1000, 200)
      for (seed <- 1 to 2) {
        val out = synapses(new FixedOutDegree(pre, post, degree), seed)
        assert(degrees(out, pre, _._1).forall(_ == degree))
        val in = synapses(new FixedInDegree(post, pre, degree), seed)
        assert(degrees(in, pre, _._1).forall(_ == degree))
        for (s <- Seq(out, in)) {
          // Each of 200 columns is drawn by 1000 rows without replacement: hypergeometric per row.
          val p = degree.toDouble / post
          val chi2 = degrees(s, post, _._2).map(d => z(d, pre * p, pre * p * (1 - p))).map(x => x * x).sum
          assert(z(chi2 * (post - 1) / post, post - 1, 2 * (post - 1)).abs < 4, s"seed $seed")
        }
      }
    }
  }

  test("fixed degrees: two rows share as many targets as chance gives") {
    val (n, degree) = (600, 60)
    val rows = synapses(new FixedOutDegree(n, n, degree), 3).groupMap(_._1)(_._2).view.mapValues(_.toSet).toMap
    val shared = (0 until n - 1).map(i => (rows(i) & rows(i + 1)).size)
    val p = degree.toDouble / n
    val variance = degree * p * (1 - p) * (n - degree) / (n - 1.0)
    assert(z(shared.sum, (n - 1) * degree * p, (n - 1) * variance).abs < 4)
    // The first target too is even: the permutation has no favourite.
    val first = synapses(new FixedOutDegree(20000, 37, 1), 3).map(_._2)
    val chi2 = degrees(first.map(j => (0, j, 1.0)), 37, _._2).map(c => (c - 20000.0 / 37) * (c - 20000.0 / 37) / (20000.0 / 37)).sum
    assert(z(chi2, 36, 72).abs < 4)
  }

  test("fixed degrees: every subset of few targets is as likely as any other") {
    for ((n, degree, subsets) <- Seq((4, 2, 6), (5, 2, 10), (7, 3, 35), (16, 2, 120))) {
      val rows = 40000
      val drawn = synapses(new FixedOutDegree(rows, n, degree), 5).groupMapReduce(_._1)(s => 1 << s._2)(_ | _)
      val counts = drawn.values.groupBy(identity).values.map(_.size.toDouble)
      val expected = rows.toDouble / subsets
      val chi2 = counts.map(c => (c - expected) * (c - expected) / expected).sum
      assert(counts.size === subsets)
      assert(z(chi2, subsets - 1, 2 * (subsets - 1)).abs < 4, s"$degree of $n")
    }
  }

  test("weights have mean and deviation of their law, and are independent of one another") {
    val n = 300
    val uniform = synapses(new Weighted(new AllToAll(n, n), Weighted.Law.UNIFORM, -1, 3), 1).map(_._3)
    val normal = synapses(new Weighted(new AllToAll(n, n), Weighted.Law.NORMAL, 2, 0.5), 1).map(_._3)
    val count = uniform.size.toDouble
    assert(uniform.min > -1 && uniform.max <= 2)
    assert(z(uniform.sum, 0.5 * count, 0.75 * count).abs < 4)
    assert(z(normal.sum, 2 * count, 0.25 * count).abs < 4)
    assert(z(normal.map(w => (w - 2) * (w - 2)).sum, 0.25 * count, 2 * 0.0625 * count).abs < 4)
    for (lag <- Seq(1, n, n + 1)) {
      val products = normal.zip(normal.drop(lag)).map { case (a, b) => (a - 2) * (b - 2) }
      assert(z(products.sum, 0, 0.0625 * products.size).abs < 4, s"lag $lag")
    }
  }

  test("the expected number of synapses is what a matrix has") {
    for (c <- Generators.connectivities(64, 65) ++ Generators.connectivities(64, 64)) {
      val spread = 5 * math.sqrt(c.expectedSynapses)
      val exact = !Seq("Bernoulli", "UniformSkips", "Gaussian").exists(c.toString.contains)
      assert((synapses(c, 2).size - c.expectedSynapses).abs <= (if (exact) 0 else spread), c.toString)
    }
  }

  private def refused(message: String)(make: => Connectivity): Unit =
    assert(intercept[IllegalArgumentException](make).getMessage === message)

  test("what cannot be connected is refused, with the value and the rule") {
    refused("pre and post must be >= 0, got pre=-1, post=3")(new Bernoulli(-1, 3, 0.5))
    refused("pre and post must be >= 0, got pre=3, post=-1")(new AllToAll(3, -1))
    refused("pre and post must be >= 0, got pre=-2, post=-2")(new OneToOne(-2))
    refused("p must be in [0, 1], got 1.5")(new Bernoulli(3, 3, 1.5))
    refused("p must be in [0, 1], got -0.1")(new Bernoulli(3, 3, -0.1))
    refused("p must be in [0, 1], got NaN")(new Bernoulli(3, 3, Double.NaN))
    refused("out-degree must be in [0, 3], got 4")(new FixedOutDegree(9, 3, 4))
    refused("out-degree must be in [0, 3], got -1")(new FixedOutDegree(9, 3, -1))
    refused("in-degree must be in [0, 3], got 4")(new FixedInDegree(3, 9, 4))
    refused("at most 2^30 columns can be drawn, got 2147483647; take fewer neurons")(new FixedOutDegree(1, Int.MaxValue, 4))
    refused("at most 2^30 columns can be drawn, got 2147483647; take fewer neurons")(new FixedInDegree(Int.MaxValue, 1, 4))
    refused("normal weights must be finite floats, got mean 1.0E300 and deviation 0.0")(
      new Weighted(new OneToOne(3), Weighted.Law.NORMAL, 1e300, 0))
    refused("normal weights must be finite floats, got mean 0.0 and deviation 1.0E38")(Weighted.normal(new OneToOne(3), 0, 1e38))
    refused("uniform weights need bounds and a distance that are finite floats, got -3.0E38 and 3.0E38")(
      Weighted.uniform(new OneToOne(3), -3e38, 3e38))
    refused("uniform weights need low <= high, got 1.0 and 0.0")(Weighted.uniform(new OneToOne(3), 1, 0))
    refused("a standard deviation must be >= 0, got -1.0")(Weighted.normal(new OneToOne(3), 0, -1))
    refused("uniform weights need bounds and a distance that are finite floats, got NaN and NaN")(
      Weighted.uniform(new OneToOne(3), Double.NaN, 1))
    refused("uniform weights need bounds and a distance that are finite floats, got NaN and NaN")(
      new Weighted(new AllToAll(1, 1), Weighted.Law.UNIFORM, Double.NaN, 1))
  }

  test("a missing argument is named") {
    val c = delivery(new Bernoulli(7, 7, 0.3), 1, DType.F32, Rows.Storage.STORED)
    val arguments = new Arguments(java.util.Map.of(), java.util.Set.of())
    Generators.compiled.foreach { backend =>
      val e = intercept[IllegalArgumentException](backend.load(c.program, arguments))
      assert(e.getMessage.contains("rows."))
    }
  }
}
