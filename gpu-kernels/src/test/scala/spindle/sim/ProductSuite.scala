package spindle.sim

import org.scalatest.funsuite.AnyFunSuite
import spindle.backend.Backend
import spindle.backend.cpu.CpuBackend
import spindle.backend.reference.ReferenceBackend
import spindle.compile.{Mode, RowLoop}
import spindle.connect._
import spindle.ir.{Direction, Generators, Rows}
import spindle.sim.Product.{Form, Input, Weights}

/** The entries of a matrix, from i to j, in the order of their weights. */
private final case class Entries(i: Array[Int], j: Array[Int], weight: Array[Float]) {
  def size: Int = i.length
}

/** One matrix for all uses: every direction, input, batch and storage multiplies by the same numbers. */
@spindle.Gpu
class ProductSuite extends AnyFunSuite with Refusals {
  private val random = new scala.util.Random(7)

  private def vector(n: Int): Array[Float] = Array.fill(n)(random.nextGaussian().toFloat)

  private def multiply(form: Form, x: Array[Float], backend: Backend, weights: Array[Float] = Array()): Array[Float] = {
    val product = new Product(form, 5, backend)
    if (form.weights == Weights.PER_SYNAPSE) product.weights(weights: _*)
    product.multiply(x)
    val y = new Array[Float](product.targets)
    product.result(y)
    y
  }

  /** The entries as the interpreter has them, but of many, for which it takes seconds. */
  private def synapses(c: Connectivity): Entries =
    if (c.pre == 0) Entries(Array(), Array(), Array()) else if (c.expectedSynapses <= many) interpreted(c) else walked(c)

  private val many = 4096

  /** Products with a batch of unit vectors. Entries of synapses are not 0, as drawn weights never are. */
  private def interpreted(c: Connectivity): Entries = {
    val units = Array.tabulate(c.pre * c.pre)(k => if (k / c.pre == k % c.pre) 1f else 0f)
    val y = multiply(Form.of(c, Direction.ALONG, Input.VECTOR).withBatch(c.pre), units, new ReferenceBackend)
    val there = (for (i <- 0 until c.pre; j <- 0 until c.post if y(j * c.pre + i) != 0) yield (i, j)).toArray
    Entries(there.map(_._1), there.map(_._2), there.map { case (i, j) => y(j * c.pre + i) })
  }

  /** What the plain row loop visits. */
  private def walked(c: Connectivity): Entries = {
    val rows = c.rows(Product.ROWS, Rows.Storage.REGENERATED)
    val loop = new RowLoop(rows, c.arguments(Product.ROWS, 5), Mode.PLAIN)
    val weight = Array.ofDim[Float](c.pre, c.post)
    for (chunk <- 0 until rows.chunks)
      loop.visit(Array.range(0, rows.rows), 0, rows.rows, chunk, (row, columns, from, to, weights, first) =>
        for (k <- from until to) {
          val w = weights match {
            case drawn: Array[Float] => drawn(first + k - from)
            case _ => 1f
          }
          if (rows.byPost) weight(columns(k))(row) = w else weight(row)(columns(k)) = w
        })
    val there = Array.range(0, c.pre * c.post).filter(at => weight(at / c.post)(at % c.post) != 0)
    Entries(there.map(_ / c.post), there.map(_ % c.post), there.map(at => weight(at / c.post)(at % c.post)))
  }

  private def shapes = Generators.sizes.map(n => (n, n)) ++
    Seq((0, 7), (7, 0), (1, 64), (64, 1), (13, 29), (7, 1000), (1000, 7))

  /** Every connectivity, of the large ones also those that are full there. */
  private def connectivities(pre: Int, post: Int): Seq[Connectivity] =
    Generators.connectivities(pre, post) ++ (if (pre * post > 100000) wide(pre, post) else Seq())

  private def wide(pre: Int, post: Int): Seq[Connectivity] = {
    val some = Array.range(0, pre * post).filter(_ => random.nextInt(20) == 0)
    val pairs = new Csr.Pairs(some.map(_ / post), some.map(_ % post), some.map(_ => random.nextGaussian().toFloat))
    Seq(Csr.of(pre, post, pairs), new Gaussian(Generators.grid(pre, true), Generators.grid(post, true), 4, 0.9, true))
  }

  /** Those whose synapses can be given weights. */
  private def unweighted(laws: Seq[Connectivity]): Seq[Connectivity] = laws.filterNot(_.isInstanceOf[Weighted])

  private val storages = Seq(Rows.Storage.STORED, Rows.Storage.REGENERATED)

  /** Numbers, or no, all and some neurons that spike. */
  private def inputs(kind: Input, n: Int): Seq[Array[Float]] = kind match {
    case Input.VECTOR => Seq(vector(n))
    case Input.EVENTS => Seq(new Array[Float](n), Array.fill(n)(1f), Array.tabulate(n)(i => (i % 3 / 2).toFloat))
  }

  /** Compares with sums in float64, as far as n products and n sums in float32 may be off. */
  private def check(form: Form, w: Entries, weights: Array[Float], backend: Backend): Unit = {
    val product = new Product(form, 5, backend)
    product.weights(weights: _*)
    val y = new Array[Float](product.targets)
    for (x <- inputs(form.input, product.sources)) {
      val (right, size) = (new Array[Double](y.length), new Array[Double](y.length))
      val (from, to) = if (form.direction == Direction.ALONG) (w.i, w.j) else (w.j, w.i)
      for (k <- 0 until w.size) {
        val term = x(from(k)).toDouble * w.weight(k)
        right(to(k)) += term
        size(to(k)) += term.abs
      }
      product.multiply(x)
      product.result(y)
      for (j <- y.indices)
        assert((y(j) - right(j)).abs <= (x.length + 2) * 6e-8 * size(j), s"$form ${backend.device} [$j]")
    }
  }

  /** Every way to write loops at one size; else they take turns, without the stand-in driver where it is slow. */
  private def some(c: Connectivity, turn: Int): Seq[Backend] = {
    val all = if (c.pre.toLong * c.post > 10000) Generators.compiled else Generators.others
    if (c.pre == 13) all else Seq(all(turn % all.size))
  }

  for ((pre, post) <- shapes) {
    test(s"products equal sums in float64, $pre x $post") {
      for ((c, k) <- connectivities(pre, post).zipWithIndex) {
        val w = synapses(c)
        for (direction <- Direction.values; input <- Input.values; storage <- storages; backend <- some(c, k + direction.ordinal + storage.ordinal))
          check(Form.of(c, direction, input).withStorage(storage), w, Array(), backend)
      }
    }

    test(s"products with a weight by synapse equal sums in float64, $pre x $post") {
      for ((c, k) <- unweighted(connectivities(pre, post)).zipWithIndex) {
        val there = synapses(c)
        val weights = vector(there.size)
        val w = there.copy(weight = weights)
        for (direction <- Direction.values; input <- Input.values; backend <- some(c, k + direction.ordinal + input.ordinal))
          check(Form.of(c, direction, input).withWeights(Weights.PER_SYNAPSE), w, weights, backend)
      }
    }
  }

  private def bits(y: Array[Float]) = y.toSeq.map(java.lang.Float.floatToIntBits)

  private def input(kind: Input, n: Int): Array[Float] = kind match {
    case Input.VECTOR => vector(n)
    case Input.EVENTS => Array.fill(n)(if (random.nextInt(3) == 0) 1f else 0f)
  }

  for (direction <- Direction.values; kind <- Input.values; weighted <- Seq(false, true)) {
    val weights = if (weighted) "a weight by synapse" else "the rows' weights"
    test(s"vector = batch, whatever the storage and backend, bit for bit: $direction, $kind, $weights") {
      for {
        c <- if (weighted) unweighted(Generators.connectivities(31, 17)) else Generators.connectivities(31, 17)
        form = Form.of(c, direction, kind).withWeights(if (weighted) Weights.PER_SYNAPSE else Weights.OWN)
        bySynapse = vector(if (weighted) synapses(c).size else 0)
        batch <- Seq(3, 16, 127, 191) // of 4, 8 or 16 lanes: four, two and one vector together, and members over; rows sorted from 128 on
      } {
        val sources = if (direction == Direction.ALONG) 31 else 17
        val x = input(kind, sources * batch)
        val alone = ((0 until batch by 15) :+ (batch - 1)).map { b =>
          b -> multiply(form, Array.tabulate(sources)(i => x(i * batch + b)), new ReferenceBackend, bySynapse)
        }
        for (backend <- Generators.compiled; storage <- if (weighted) storages.take(1) else storages) {
          val y = multiply(form.withBatch(batch).withStorage(storage), x, backend, bySynapse)
          for ((b, right) <- alone) {
            val member = Array.tabulate(y.length / batch)(j => y(j * batch + b))
            assert(bits(member) === bits(right), s"$c batch $batch $storage ${backend.device}")
          }
        }
      }
    }
  }

  test("threads that share the targets of a batch change no bit, few events or many, nor do more than 65,536 columns") {
    for {
      (c, batch) <- Seq((new Bernoulli(20, 640, 0.3), 17), (new AllToAll(20, 640), 17), (new Bernoulli(2, 66000, 0.01), 1))
      weights <- Seq(Weights.OWN, Weights.PER_SYNAPSE)
    } {
      val form = Form.of(c, Direction.ALONG, Input.EVENTS).withBatch(batch).withStorage(Rows.Storage.STORED).withWeights(weights)
      val bySynapse = vector(new Product(form, 5, new ReferenceBackend).weightCount)
      val one = Array.tabulate(c.pre * batch)(i => if (i == 1) 1f else 0f)
      for (x <- Seq(one, input(Input.EVENTS, one.length), Array.fill(one.length)(1f))) {
        val expected = bits(multiply(form, x, new ReferenceBackend, bySynapse))
        for (backend <- Generators.compiled ++ Seq(2, 3).map(new CpuBackend(Mode.PLAIN, _)))
          assert(bits(multiply(form, x, backend, bySynapse)) === expected, s"$c $weights ${backend.device}")
      }
    }
  }

  for (n <- Seq(64, 1000)) {
    test(s"<y, W x> = <W' y, x>, $n neurons") {
      for ((c, k) <- Generators.connectivities(n, n + 1).zipWithIndex; backend <- Generators.compiled) {
        val (x, y) = (vector(n), vector(n + 1))
        val storage = storages(k % 2)
        val along = multiply(Form.of(c, Direction.ALONG, Input.VECTOR).withStorage(storage), x, backend)
        val against = multiply(Form.of(c, Direction.AGAINST, Input.VECTOR).withStorage(storage), y, backend)
        val scale = math.sqrt(dot(along, along) * dot(y, y)) + math.sqrt(dot(against, against) * dot(x, x))
        assert((dot(along, y) - dot(against, x)).abs <= 1e-5 * scale + 1e-30, s"$c ${backend.device}")
      }
    }
  }

  test("one weight for all multiplies what there is; weights are 1 until they are set") {
    for (c <- Generators.connectivities(13, 29); direction <- Direction.values; input <- Input.values; backend <- Generators.compiled) {
      val x = this.input(input, if (direction == Direction.ALONG) 13 else 29)
      val form = Form.of(c, direction, input)
      val own = multiply(form, x, backend)
      val product = new Product(form.withWeights(Weights.COMMON), 5, backend)
      val y = new Array[Float](product.targets)
      def result(): Seq[Int] = { product.multiply(x); product.result(y); bits(y) }
      assert(result() === bits(own), s"$c $direction $input")
      product.weights(-0.3f)
      assert(result() === bits(own.map(_ * -0.3f)), s"$c $direction $input")
      if (c.isInstanceOf[OneToOne] || c.isInstanceOf[AllToAll])
        assert(bits(multiply(form.withWeights(Weights.PER_SYNAPSE), x, backend, Array.fill(c.expectedSynapses.toInt)(1f))) === bits(own))
    }
  }

  test("an event is what is above 0, whatever its size, or true") {
    val events = Array.fill(200)(random.nextInt(5) match {
      case 0 => random.nextFloat() * 3
      case 1 => -random.nextFloat()
      case k => Array(0f, -0f, Float.NaN)(k - 2)
    }) ++ Array(Float.MinPositiveValue, Float.PositiveInfinity, Float.NegativeInfinity, -Float.MinPositiveValue)
    for (c <- Seq(new Bernoulli(204, 50, 0.2), Weighted.normal(new FixedInDegree(204, 50, 9), 1, 1)); backend <- Generators.backends) {
      val form = Form.of(c, Direction.ALONG, Input.EVENTS)
      val expected = bits(multiply(form, events.map(x => if (x > 0) 1f else 0f), backend))
      assert(bits(multiply(form, events, backend)) === expected)
      for (input <- Input.values) {
        val product = new Product(Form.of(c, Direction.ALONG, input), 5, backend)
        product.multiply(events.map(_ > 0))
        val y = new Array[Float](50)
        product.result(y)
        assert(bits(y) === expected)
      }
    }
  }

  private def dot(a: Array[Float], b: Array[Float]) = a.indices.map(i => a(i).toDouble * b(i)).sum

  /** Size of the rounding errors of a sum of products of n terms. */
  private def error(a: Array[Float], b: Array[Float], n: Int) = 4e-7 * (n + 4) * a.indices.map(i => (a(i) * b(i)).abs.toDouble).sum + 1e-30

  for ((pre, post) <- Seq((0, 7), (7, 0), (1, 1), (7, 9), (64, 65), (1000, 7), (1000, 1000))) {
    test(s"a gradient says how much a loss changes with input, weights and law, $pre x $post") {
      for {
        (c, k) <- connectivities(pre, post).zipWithIndex
        direction <- if (pre * post > 1000) Seq(Direction.values()(k / 2 % 2)) else Direction.values.toSeq
        backend <- Generators.compiled
      } {
        val input = Input.values()((k + direction.ordinal) % 2)
        val weights = Weights.values()(k % (if (c.isInstanceOf[Weighted]) 2 else 3))
        val batch = if (pre * post == 0) 1 else 1 + 2 * (k % 2)
        val form = Form.of(c, direction, input).withBatch(batch).withWeights(weights)
        val what = s"$c $direction $input $weights ${backend.device}"
        val product = new Product(form, 5, backend)
        val (x, byY) = (this.input(input, product.sources), vector(product.targets))
        val w = vector(product.weightCount)
        product.weights(w: _*)
        product.multiply(x)
        val gradient = product.gradient()
        gradient.run(byY)
        // All is linear in each: the change is the product with the change.
        def loss(p: Product, x: Array[Float], w: Array[Float]): (Double, Double) = {
          val y = new Array[Float](p.targets)
          p.weights(w: _*)
          p.multiply(x)
          p.result(y)
          (dot(y, byY), error(y, byY, pre + post))
        }
        val byX = new Array[Float](x.length)
        gradient.input(byX)
        val dx = vector(x.length)
        val asNumbers = new Product(Form.of(c, direction, Input.VECTOR).withBatch(batch).withWeights(weights), 5, backend)
        val (change, off) = loss(asNumbers, dx, w)
        assert((dot(byX, dx) - change).abs <= off + error(byX, dx, pre + post), what)
        if (w.nonEmpty) {
          val byW = new Array[Float](w.length)
          gradient.weights(byW)
          val dw = vector(w.length)
          val (change, off) = loss(product, x, dw)
          assert((dot(byW, dw) - change).abs <= off + error(byW, dw, batch * (pre + post)), what)
        }
        c match {
          case law: Weighted =>
            assert(gradient.law.size === 2)
            val (here, off) = loss(product, x, w)
            for ((name, moved, by) <- aside(law)) {
              val (there, offThere) = loss(new Product(Form.of(moved, direction, input).withBatch(batch).withWeights(weights), 5, backend), x, w)
              val right = (there - here) / by
              assert((gradient.law.get(name) - right).abs <= 20 * (off + offThere) + 1e-5 * byY.map(_.abs).sum, s"$what $name")
            }
          case _ => assert(gradient.law.isEmpty)
        }
      }
    }
  }

  /** The same law with one of its two numbers moved, by name, and how far. */
  private def aside(law: Weighted): Seq[(String, Weighted, Double)] = {
    val (a, b) = (law.offset, if (law.law == Weighted.Law.UNIFORM) law.offset + law.scale else law.scale)
    if (law.law == Weighted.Law.UNIFORM)
      Seq(("low", Weighted.uniform(law.connected, a - 1, b), -1.0), ("high", Weighted.uniform(law.connected, a, b + 1), 1.0))
    else
      Seq(("mean", Weighted.normal(law.connected, a + 1, b), 1.0), ("deviation", Weighted.normal(law.connected, a, b + 1), 1.0))
  }

  test("a delayed law has its derivatives by name too") {
    val law = new Delayed(Weighted.uniform(new AllToAll(3, 1), 2, 5), new Delayed.Constant(2))
    val product = new Product(Form.of(law, Direction.ALONG, Input.VECTOR), 5, Generators.compiled.head)
    product.multiply(Array.fill(6)(1f))
    val gradient = product.gradient()
    gradient.run(Array(1f))
    // Weights are low + (high - low) u, and the input of either step is 1 but only one has synapses.
    assert((gradient.law.get("low") + gradient.law.get("high") - 3).abs < 1e-5 && gradient.law.keySet.size === 2)
  }

  test("weights that rows were given are those by synapse, until others are set; a law's are not replaced") {
    val c = Generators.connectivities(13, 29).collectFirst { case c: Csr if c.weights.length > 0 => c }.get
    for (backend <- Generators.backends; input <- Input.values) {
      val form = Form.of(c, Direction.ALONG, input)
      val x = this.input(input, 13)
      val product = new Product(form.withWeights(Weights.PER_SYNAPSE), 5, backend)
      val y = new Array[Float](29)
      product.multiply(x)
      product.result(y)
      assert(bits(y) === bits(multiply(form, x, backend)) && product.weightCount === c.weights.length)
      val (byY, byW) = (vector(29), new Array[Float](c.weights.length))
      val gradient = product.gradient()
      gradient.run(byY)
      gradient.weights(byW)
      val begin = c.indptr.shared.asInstanceOf[Array[Int]]
      for (i <- 0 until 13; k <- begin(i) until begin(i + 1)) assert(byW(k) === x(i) * byY(c.indices.at(k).toInt))
      val none = new Array[Float](29)
      product.weights(new Array[Float](c.weights.length): _*)
      product.multiply(x)
      product.result(y)
      assert(bits(y) === bits(none))
    }
    val law = Weighted.normal(new AllToAll(2, 2), 0, 1)
    for (drawn <- Seq(law, new Delayed(law, new Delayed.Constant(3)))) {
      val e = intercept[IllegalArgumentException](
        new Product(Form.of(drawn, Direction.ALONG, Input.VECTOR).withWeights(Weights.PER_SYNAPSE), 5, Generators.compiled.head))
      assert(e.getMessage.startsWith("a weight for each synapse would replace those of a law; use weights own or common, or"))
    }
  }

  test("a gradient follows what was multiplied last, and adds nothing up") {
    val product = new Product(Form.of(new AllToAll(2, 1), Direction.ALONG, Input.VECTOR).withWeights(Weights.COMMON), 5, Generators.compiled.head)
    val gradient = product.gradient()
    val (byX, byW) = (new Array[Float](2), new Array[Float](1))
    for ((x, w) <- Seq((3f, 2f), (4f, 5f))) {
      product.weights(w)
      product.multiply(Array(x, 1f))
      gradient.run(Array(10f))
      gradient.input(byX)
      gradient.weights(byW)
      assert(byX.toSeq === Seq(10 * w, 10 * w) && byW.toSeq === Seq(10 * (x + 1)))
    }
  }

  test("events count as ones: the product with a mask") {
    for (c <- Generators.connectivities(64, 65); direction <- Direction.values; backend <- Generators.compiled) {
      val n = if (direction == Direction.ALONG) 64 else 65
      for (spikes <- Seq(new Array[Float](n), Array.fill(n)(1f), Array.tabulate(n)(i => (i % 3 / 2).toFloat))) {
        val asEvents = multiply(Form.of(c, direction, Input.EVENTS), spikes, backend)
        val asNumbers = multiply(Form.of(c, direction, Input.VECTOR), spikes, backend)
        assert(bits(asEvents) === bits(asNumbers), s"$c $direction ${backend.device}")
      }
    }
  }

  test("weights by synapse stand in compressed sparse row order, and must be as many") {
    val c = new FixedOutDegree(3, 5, 2)
    val w = synapses(c)
    val form = Form.of(c, Direction.ALONG, Input.VECTOR).withWeights(Weights.PER_SYNAPSE)
    val weights = Array(1f, 2f, 4f, 8f, 16f, 32f)
    for (backend <- Generators.backends) {
      val y = multiply(form, Array(1f, 1f, 1f), backend, weights)
      val expected = new Array[Float](5)
      w.j.zip(weights).foreach { case (j, weight) => expected(j) += weight }
      assert(y.toSeq === expected.toSeq)
    }
    val product = new Product(form, 5, Generators.compiled.head)
    refused("weights has 6 elements, got 1")(product.weights(1f))
    refused("weight 3 must be finite, got NaN")(product.weights(weights.updated(3, Float.NaN): _*))
  }

  test("derivatives are of something multiplied, and nothing is multiplied once closed") {
    val product = new Product(Form.of(new Bernoulli(3, 5, 0.5), Direction.ALONG, Input.VECTOR), 1, Generators.compiled.head)
    val gradient = product.gradient
    def early(message: String)(use: => scala.Unit): scala.Unit =
      assert(intercept[IllegalStateException](use).getMessage === message)
    early("multiply first: derivatives are taken where that was")(gradient.run(new Array(5)))
    product.multiply(new Array[Float](3))
    early("run first: no derivatives were taken")(gradient.input(new Array(3)))
    gradient.run(new Array(5))
    gradient.input(new Array(3))
    gradient.close()
    early("this gradient is closed")(gradient.run(new Array(5)))
    product.close()
    early("this product is closed")(product.synapses)
    early("this product is closed")(product.multiply(new Array[Float](3)))
    early("this product is closed")(product.result(new Array(5)))
    early("this product is closed")(gradient.run(new Array(5)))
  }
}
