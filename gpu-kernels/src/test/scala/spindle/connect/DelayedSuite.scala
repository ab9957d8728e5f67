package spindle.connect

import scala.jdk.CollectionConverters._
import scala.util.Random

import org.scalatest.funsuite.AnyFunSuite
import spindle.backend.{Backend, Executable}
import spindle.backend.cpu.CpuBackend
import spindle.backend.reference.ReferenceBackend
import spindle.compile.{Mode, RowLoop}
import spindle.ir._
import spindle.sim.Product
import spindle.sim.Product.{Form, Input}

/** Delays of every law on every connectivity: one matrix, times what happened in the last steps. */
@spindle.Gpu
class DelayedSuite extends AnyFunSuite {
  private val name = "rows"
  private val storages = Seq(Rows.Storage.STORED, Rows.Storage.REGENERATED)
  private val reference = new ReferenceBackend

  /** Laws of delay that fit a connectivity. */
  private def laws(c: Connectivity): Seq[Delayed.Law] =
    Seq(new Delayed.Constant(3), new Delayed.Uniform(0, 1), new Delayed.Uniform(1, 2), new Delayed.Uniform(2, 7)) ++
      (if (c.pre > 0 && c.post > 0) Seq(
        new Delayed.Distance(new Grid(1, c.pre, true), new Grid(1, c.post, true), 9.5, 0.25),
        new Delayed.Distance(Generators.grid(c.pre, false), Generators.grid(c.post, false), 2.5, 0)) else Nil) ++
      (if (c.pre == 64 && c.post == 64) Seq(new Delayed.Distance(new Grid(8, 8, true), 0.5, 2)) else Nil)

  /** Every connectivity with one or all laws of delay, and delays and weights the other way round. */
  private def delayed(pre: Int, post: Int, all: Boolean): Seq[Connectivity] = {
    val plain = Generators.connectivities(pre, post).filter(_.expectedSynapses <= 1500)
    val each = plain.zipWithIndex.flatMap { case (c, k) =>
      val fitting = laws(c)
      (if (all) fitting else Seq(fitting(k % fitting.size))).map(new Delayed(c, _))
    }
    each :+ new Weighted(new Delayed(new Bernoulli(pre, post, 0.3), new Delayed.Uniform(1, 5)), Weighted.Law.NORMAL, 0, 1)
  }

  private def arguments(c: Connectivity): Map[String, Double] =
    c.arguments(name, 3).asScala.view.mapValues(_.doubleValue).toMap

  private def longest(c: Connectivity): Int = c.rows(name, Rows.Storage.AUTO).longest

  /** Some neurons of a population spike at random; what arrives from the group behind the first two. */
  private def network(c: Connectivity, dtype: DType, storage: Rows.Storage, batch: Int = 1): Case = {
    val (n, history) = (c.pre * batch + 3, longest(c) + 2)
    val t = new Trace("delays")
    t.declare(new Variable("spikes", Type.vector(DType.EVENTS, n), history))
    t.declare(Variable.of("received", Type.vector(dtype, c.post * batch)))
    val keys = new Deviates.Keys(t.constant(DType.I32, 17), t.constant(DType.I32, 4))
    val u = keys.at(t.time(), t.time()).uniform(DType.F32, t.index(n))
    val recent = t.recent("spikes", longest(c), 2, n - 1)
    t.store("received", t.propagate(recent, c.rows(name, storage), dtype))
    t.store("spikes", t.collect(u.from(0.4).heaviside))
    Case(t.finish(), arguments(c), Map.empty)
  }

  private def compiled: Seq[Backend] = Generators.others

  for ((pre, post) <- Seq((0, 0), (1, 1), (7, 7), (64, 64), (0, 7), (7, 0), (7, 65), (65, 7), (1000, 3))) {
    test(s"what arrives is what the reference says, bit for bit, stored and regenerated, $pre x $post") {
      for {
        (c, k) <- delayed(pre, post, all = pre == 64 && post == 64).zipWithIndex
        dtype = if (k % 3 == 1) DType.F64 else DType.F32
        batch = if (k % 4 == 2 && pre > 0) 3 else 1
      } {
        val stored = network(c, dtype, Rows.Storage.STORED, batch)
        val expected = stored.load(reference)
        // The stand-in driver walks large matrices too slowly.
        val backends = if (pre * post > 1000) Generators.compiled else compiled
        val all = for (b <- backends; s <- storages) yield network(c, dtype, s, batch).load(b)
        for (step <- 0 until longest(c) + 4) {
          (expected +: all).foreach(_.run(step, 1))
          all.foreach(a => assert(stored.difference(expected, a) === None, s"$c, step $step"))
        }
        assert(all.map(_.synapses(name)).distinct === Seq(expected.synapses(name)))
        all.foreach(a => assert(a.outDegrees(name).toSeq === expected.outDegrees(name).toSeq))
      }
    }
  }

  private def multiply(form: Form, x: Array[Float], backend: Backend): Array[Float] = {
    val product = new Product(form, 3, backend)
    assert(x.length === product.sources)
    product.multiply(x)
    val y = new Array[Float](product.targets)
    product.result(y)
    product.close()
    y
  }

  private def bits(y: Array[Float]): Seq[Int] = y.toSeq.map(java.lang.Float.floatToIntBits)

  test("products in both directions, on vectors, events and batches, are the reference's, bit for bit") {
    val random = new Random(3)
    for {
      (c, k) <- delayed(13, 29, all = false).zipWithIndex
      direction <- Direction.values
      input <- Input.values
      batch = Seq(1, 3, 131)((k + direction.ordinal + input.ordinal) % 3)
    } {
      val sources = direction.sources(c.rows(name, Rows.Storage.AUTO)) * batch
      val x = Array.fill(sources)(if (input == Input.EVENTS) random.nextInt(2).toFloat else random.nextGaussian().toFloat)
      val form = Form.of(c, direction, input).withBatch(batch)
      val expected = bits(multiply(form, x, reference))
      for (backend <- compiled; storage <- storages)
        assert(bits(multiply(form.withStorage(storage), x, backend)) === expected, s"$c $direction $input $batch $storage")
    }
  }

  test("<y, W x> = <W' y, x>, with a source per neuron and step") {
    val random = new Random(4)
    for (c <- delayed(64, 64, all = false); storage <- storages; backend <- compiled) {
      val rows = c.rows(name, storage)
      def vector(n: Int) = Array.fill(n)(random.nextGaussian().toFloat)
      val (x, y) = (vector(rows.sources), vector(rows.post))
      val along = multiply(Form.of(c, Direction.ALONG, Input.VECTOR).withStorage(storage), x, backend)
      val against = multiply(Form.of(c, Direction.AGAINST, Input.VECTOR).withStorage(storage), y, backend)
      def dot(a: Array[Float], b: Array[Float]) = a.indices.map(i => a(i).toDouble * b(i)).sum
      val scale = math.sqrt(dot(along, along) * dot(y, y)) + math.sqrt(dot(against, against) * dot(x, x))
      assert((dot(along, y) - dot(against, x)).abs <= 1e-5 * scale + 1e-30, s"$c ${backend.device}")
    }
  }

  /** (pre, post, delay, weight) of every synapse: products with unit vectors, on the reference. */
  private def synapses(c: Connectivity): Seq[(Int, Int, Int, Float)] = {
    val rows = c.rows(name, Rows.Storage.AUTO)
    val product = new Product(Form.of(c, Direction.ALONG, Input.VECTOR), 3, reference)
    for {
      s <- 0 until rows.sources
      y = { val unit = new Array[Float](rows.sources); unit(s) = 1; product.multiply(unit); new Array[Float](product.targets) }
      _ = product.result(y)
      j <- y.indices if y(j) != 0
    } yield (s % rows.pre, j, rows.longest - s / rows.pre, y(j))
  }

  test("delays move synapses in time only: the sum over all delays is the product without them") {
    for (c <- Generators.connectivities(7, 9); law <- laws(c)) {
      val without = synapses(c).map(s => (s._1, s._2, s._4)).sorted
      val all = synapses(new Delayed(c, law))
      assert(all.map(s => (s._1, s._2, s._4)).sorted === without, s"$c $law")
      assert(all.forall(s => s._3 >= 1 && s._3 <= law.longest))
      assert(all.isEmpty || !law.isInstanceOf[Delayed.Constant] || all.forall(_._3 == 3))
    }
  }

  test("a product with recent events is the sum over d of products of d steps ago with the synapses of that delay") {
    val random = new Random(8)
    for (c <- delayed(7, 9, all = true)) {
      val (l, all) = (longest(c), synapses(c))
      val recent = Array.fill(l * 7)(random.nextInt(2).toFloat)
      val y = multiply(Form.of(c, Direction.ALONG, Input.EVENTS), recent, Generators.compiled.head)
      val expected = new Array[Float](9)
      for (d <- l to 1 by -1; (i, j, _, w) <- all.filter(_._3 == d).sortBy(s => (s._1, s._2)))
        if (recent((l - d) * 7 + i) != 0) expected(j) += w
      assert(bits(y) === bits(expected), c.toString)
    }
  }

  test("weights and delays are drawn from streams of their own, in either order") {
    val plain = new Bernoulli(20, 30, 0.4)
    val law = new Delayed.Uniform(1, 6)
    def weighted(c: Connectivity) = new Weighted(c, Weighted.Law.NORMAL, 1, 0.5)
    val (a, b) = (synapses(weighted(new Delayed(plain, law))), synapses(new Delayed(weighted(plain), law)))
    assert(a === b)
    assert(a.map(s => (s._1, s._2, s._3)) === synapses(new Delayed(plain, law)).map(s => (s._1, s._2, s._3)))
    assert(a.map(s => (s._1, s._2, s._4)).sorted === synapses(weighted(plain)).map(s => (s._1, s._2, s._4)).sorted)
  }

  /** The delay of each synapse by row and column, as the compiled row loop gives it. */
  private def delays(c: Connectivity): Map[(Int, Int), Int] = {
    val rows = c.rows(name, Rows.Storage.REGENERATED)
    val loop = new RowLoop(rows, c.arguments(name, 3), Mode.PLAIN)
    val found = Map.newBuilder[(Int, Int), Int]
    for (chunk <- 0 until rows.chunks)
      loop.visit(Array.range(0, rows.rows), 0, rows.rows, chunk, (row, columns, from, to, _, _) =>
        (from until to).foreach(k => found += (row, columns(k) % rows.columns) -> (rows.longest - columns(k) / rows.columns)))
    found.result()
  }

  test("uniform delays are uniform, and independent along rows and columns") {
    for ((low, high) <- Seq((1, 5), (0, 3), (3, 18), (2, 2))) {
      val all = delays(new Delayed(new AllToAll(200, 200), new Delayed.Uniform(low, high)))
      val values = (low max 1) to high
      // Delay 0 counts as 1.
      val share = values.map(d => (if (d == 1 && low == 0) 2.0 else 1.0) / (high - low + 1))
      def even(counts: Seq[Int], share: Seq[Double]): Unit = {
        val chi2 = counts.zip(share.map(_ * counts.sum)).map { case (k, mean) => (k - mean) * (k - mean) / mean }.sum
        val degrees = counts.size - 1
        assert((chi2 - degrees).abs <= 4 * math.sqrt(2.0 * degrees), s"[$low, $high]")
      }
      even(values.map(d => all.values.count(_ == d)), share)
      for ((di, dj) <- Seq((0, 1), (1, 0))) {
        // Pairs that do not overlap, so that counts are independent.
        val pairs = for (i <- 0 until 200 by (1 + di); j <- 0 until 200 by (1 + dj)) yield (all((i, j)), all((i + di, j + dj)))
        even(for (a <- values; b <- values) yield pairs.count(_ == ((a, b))), for (p <- share; q <- share) yield p * q)
      }
    }
  }

  test("distance-dependent delays are distance over velocity plus offset, to the nearest step, on lines and grids") {
    for {
      ((h, w), (toH, toW)) <- Seq((1, 60), (6, 10), (7, 9), (13, 1)).map(g => g -> g) ++
        Seq((6, 10) -> (3, 5), (3, 5) -> (6, 10), (1, 40) -> (1, 7), (2, 3) -> (1, 9))
      periodic <- Seq(false, true)
      (velocity, offset) <- Seq((1.0, 0.0), (2.0, 0.0), (0.7, 1.3), (100.0, 0.2))
    } {
      val law = new Delayed.Distance(new Grid(h, w, periodic), new Grid(toH, toW, periodic), velocity, offset)
      val all = delays(new Delayed(new AllToAll(h * w, toH * toW), law))
      def apart(a: Int, own: Int, b: Int, n: Int) = {
        val place = if (own == n) a.toFloat else (a + 0.5f) * n / own - 0.5f
        val d = (place - b).abs
        if (periodic) d min (n - d) else d
      }
      for (((i, j), d) <- all) {
        val (x, y) = (apart(i % w, w, j % toW, toW), apart(i / w, h, j / toW, toH))
        val steps = math.sqrt((x * x + y * y).toDouble).toFloat / velocity.toFloat + offset.toFloat
        assert(d === (math.floor((steps + 0.5f).toDouble).toInt max 1), s"$law from $i to $j")
      }
      assert(law.longest >= all.values.max)
      if (law.from == law.to && law.longest > 1) assert(law.longest === all.values.max, law.toString)
    }
  }

  test("a constant law is the events of that many steps ago, bit for bit") {
    for ((c, k) <- Generators.connectivities(31, 17).zipWithIndex; backend <- compiled) {
      val storage = storages(k % 2)
      def write(arriving: Trace => Expr): Case = {
        val t = new Trace("constant")
        t.declare(new Variable("spikes", Type.vector(DType.EVENTS, 31), 4))
        t.declare(Variable.of("y", Type.vector(DType.F32, 17)))
        val u = new Deviates.Keys(t.time(), t.constant(DType.I32, 4)).uniform(DType.F32, t.index(31))
        t.store("y", arriving(t))
        t.store("spikes", t.collect(u.from(0.3).heaviside))
        Case(t.finish(), arguments(new Delayed(c, new Delayed.Constant(4))), Map.empty)
      }
      val ring = write(t => t.propagate(t.recent("spikes", 4, 0, 31), new Delayed(c, new Delayed.Constant(4)).rows(name, storage), DType.F32))
      val load = write(t => t.propagate(t.load("spikes", 4), c.rows(name, storage), DType.F32))
      val (a, b) = (ring.load(backend), load.load(backend))
      for (step <- 0 until 9) {
        Seq(a, b).foreach(_.run(step, 1))
        assert(load.difference(b, a) === None, s"$c step $step")
      }
    }
  }

  private def read(e: Executable, variable: String, n: Int): Array[Double] = {
    val out = new Array[Double](n)
    e.read(variable, out.indices.toArray, out)
    out
  }

  test("steps run in pieces, begun again, or from a past that was written give what the reference gives") {
    val c = new Delayed(new Bernoulli(64, 65, 0.2), new Delayed.Uniform(1, 6))
    for (storage <- storages) {
      val p = network(c, DType.F32, storage)
      val masks = p.program.variable("spikes").history * 67
      val all = reference +: compiled
      val whole = all.map(p.load)
      val pieces = all.map(p.load)
      whole.foreach(_.run(0, 100))
      for (e <- pieces; (from, steps) <- Seq((0, 50), (50, 1), (51, 49))) e.run(from, steps)
      def agree(what: String): Unit = (whole ++ pieces).foreach { e =>
        assert(p.difference(whole.head, e) === None, s"$storage $what")
        assert(read(e, "spikes", masks).toSeq === read(whole.head, "spikes", masks).toSeq)
      }
      agree("in pieces")
      val past = read(whole.head, "spikes", masks)
      assert(past.sum > 0)
      for (e <- whole ++ pieces) { e.run(7, 3); e.run(200, 1) }
      agree("begun again elsewhere")
      for (e <- whole ++ pieces) { e.write("spikes", past); e.run(100, 1) }
      agree("from a past that was written")
      for (e <- whole ++ pieces) { e.write("spikes", new Array[Double](masks)); e.run(0, 1) }
      assert(read(whole.head, "received", 65).forall(_ == 0))
      agree("from silence")
      for (e <- whole ++ pieces) e.run(1, 5)
      agree("after silence")
      intercept[IllegalArgumentException](whole.last.write("spikes", new Array[Double](67)))
    }
  }

  test("rows that span several column chunks, for 1 and 2 threads, in a batch with one spike too") {
    val backends = compiled :+ new CpuBackend(Mode.PLAIN, 2)
    val c = new Delayed(new Bernoulli(3, 70000, 0.002), new Delayed.Uniform(1, 3))
    assert(c.rows(name, Rows.Storage.AUTO).chunks === 3)
    val form = Form.of(c, Direction.ALONG, Input.EVENTS).withBatch(2)
    for (spikes <- Seq(Seq(3), Seq(0, 1, 5, 6, 17), 0 until 18)) {
      val x = Array.tabulate(18)(i => if (spikes.contains(i)) 1f else 0f)
      val expected = bits(multiply(form, x, reference))
      for (backend <- backends; storage <- storages)
        assert(bits(multiply(form.withStorage(storage), x, backend)) === expected, s"$spikes $storage ${backend.device}")
    }
    for (storage <- storages; backend <- backends) assert(network(c, DType.F32, storage).difference(backend, 5) === None)
  }

  private def refused(message: String)(make: => Any): Unit =
    assert(intercept[IllegalArgumentException](make).getMessage === message)

  test("what is no delay is refused, with the value and the rule") {
    refused("a delay must be in [0, 2^30] steps, got -1.0")(new Delayed.Constant(-1))
    refused("a delay must be in [0, 2^30] steps, got -1.0")(new Delayed.Uniform(-1, 3))
    refused("the longest delay must be in [3, 3 + 2^20) steps, got 2")(new Delayed.Uniform(3, 2))
    val (grid, ring) = (new Grid(2, 3, false), new Grid(2, 3, true))
    for (v <- Seq(0.0, 1e-60, 1e60, Double.NaN))
      refused(s"velocity must be > 0, finite, and offset >= 0, got $v and 1.0")(new Delayed.Distance(grid, v, 1))
    refused("velocity must be > 0, finite, and offset >= 0, got 1.0 and NaN")(new Delayed.Distance(grid, 1, Double.NaN))
    val empty = new Grid(0, 5, false)
    refused(s"a grid has at least 1 neuron, got $empty and $grid")(new Delayed.Distance(empty, grid, 1, 1))
    refused(s"edges meet on one of two grids: $grid, $ring")(new Delayed.Distance(grid, ring, 1, 1))
    refused("grids of 6 and 6 neurons, got 6 x 7")(new Delayed(new AllToAll(6, 7), new Delayed.Distance(grid, 1, 1)))
    refused("a delay must be in [0, 2^30] steps, got 2.2360680103302005E20")(new Delayed.Distance(grid, 1e-20, 1))
    val twice = new Delayed(new Delayed(new OneToOne(3), new Delayed.Constant(2)), new Delayed.Constant(2))
    assert(intercept[IllegalArgumentException](twice.rows(name, Rows.Storage.AUTO)).getMessage.startsWith("synapses have delays already: "))
    refused("rows: 1000000 neurons times 3000 steps exceed 2^31 - 1")(
      new Delayed(new OneToOne(1000000), new Delayed.Constant(3000)).rows(name, Rows.Storage.AUTO))
    val body = new OneToOne(3).rows(name, Rows.Storage.AUTO).body
    refused("rows: the longest delay must be >= 1 step, got 0")(new Rows(name, 3, 3, 1, false, 0, Rows.Storage.AUTO, body, java.util.Map.of()))
    refused("rows: rows have delays where the longest is above 1 step, got 2")(
      new Rows(name, 3, 3, 1, false, 2, Rows.Storage.AUTO, body, java.util.Map.of()))
  }
}
