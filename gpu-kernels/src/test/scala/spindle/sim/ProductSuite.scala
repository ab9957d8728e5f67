package spindle.sim

import org.scalatest.funsuite.AnyFunSuite
import spindle.backend.Backend
import spindle.backend.reference.ReferenceBackend
import spindle.connect._
import spindle.ir.{Direction, Generators, Rows}
import spindle.sim.Product.{Form, Input, Weights}

/** An entry of a matrix: from i to j. */
private final case class Synapse(i: Int, j: Int, weight: Float)

/** One matrix for all uses: every direction, input, batch and storage multiplies by the same numbers. */
@spindle.Gpu
class ProductSuite extends AnyFunSuite {
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

  /**
   * The entries in the order of their weights: products with a batch of unit vectors, on the
   * reference. Those of synapses are not 0, as drawn weights never are.
   */
  private def synapses(c: Connectivity): Seq[Synapse] = {
    val units = Array.tabulate(c.pre * c.pre)(k => if (k / c.pre == k % c.pre) 1f else 0f)
    val form = Form.of(c, Direction.ALONG, Input.VECTOR).withBatch(c.pre max 1)
    val y = if (c.pre == 0) Array[Float]() else multiply(form, units, new ReferenceBackend)
    for (i <- 0 until c.pre; j <- 0 until c.post; w = y(j * c.pre + i) if w != 0) yield Synapse(i, j, w)
  }

  private def shapes = Generators.sizes.map(n => (n, n)) ++
    Seq((0, 7), (7, 0), (1, 64), (64, 1), (13, 29), (7, 1000), (1000, 7))

  /** Every connectivity but those that the interpreter takes long for. */
  private def connectivities(pre: Int, post: Int): Seq[Connectivity] =
    Generators.connectivities(pre, post).filter(_.expectedSynapses <= (if (pre * post > 100000) 1000 else 4096))

  private val storages = Seq(Rows.Storage.STORED, Rows.Storage.REGENERATED)

  /** Numbers, or no, all and some neurons that spike. */
  private def inputs(kind: Input, n: Int): Seq[Array[Float]] = kind match {
    case Input.VECTOR => Seq(vector(n))
    case Input.EVENTS => Seq(new Array[Float](n), Array.fill(n)(1f), Array.tabulate(n)(i => (i % 3 / 2).toFloat))
  }

  /** Compares with sums in float64, as far as n products and n sums in float32 may be off. */
  private def check(form: Form, w: Seq[Synapse], weights: Array[Float], backend: Backend): Unit = {
    val product = new Product(form, 5, backend)
    product.weights(weights: _*)
    val y = new Array[Float](product.targets)
    for (x <- inputs(form.input, product.sources)) {
      val (right, size) = (new Array[Double](y.length), new Array[Double](y.length))
      for (Synapse(i, j, weight) <- w) {
        val (from, to) = if (form.direction == Direction.ALONG) (i, j) else (j, i)
        right(to) += x(from).toDouble * weight
        size(to) += (x(from).toDouble * weight).abs
      }
      product.multiply(x)
      product.result(y)
      for (j <- y.indices)
        assert((y(j) - right(j)).abs <= (x.length + 2) * 6e-8 * size(j), s"$form ${backend.device} [$j]")
    }
  }

  /** Every way to write loops at one size; else they take turns. */
  private def some(pre: Int, turn: Int): Seq[Backend] =
    if (pre == 13) Generators.others else Seq(Generators.others(turn % Generators.others.size))

  for ((pre, post) <- shapes) {
    test(s"products equal sums in float64, $pre x $post") {
      for ((c, k) <- connectivities(pre, post).zipWithIndex) {
        val w = synapses(c)
        for (direction <- Direction.values; input <- Input.values; storage <- storages; backend <- some(pre, k + direction.ordinal + storage.ordinal))
          check(Form.of(c, direction, input).withStorage(storage), w, Array(), backend)
      }
    }

    test(s"products with a weight by synapse equal sums in float64, $pre x $post") {
      for ((c, k) <- connectivities(pre, post).zipWithIndex) {
        val there = synapses(c)
        val weights = vector(there.size)
        val w = there.zip(weights).map { case (s, g) => s.copy(weight = g) }
        for (direction <- Direction.values; input <- Input.values; backend <- some(pre, k + direction.ordinal + input.ordinal))
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
        c <- Generators.connectivities(31, 17)
        form = Form.of(c, direction, kind).withWeights(if (weighted) Weights.PER_SYNAPSE else Weights.OWN)
        bySynapse = vector(if (weighted) synapses(c).size else 0)
        batch <- Seq(3, 16, 37)
      } {
        val sources = if (direction == Direction.ALONG) 31 else 17
        val x = input(kind, sources * batch)
        val alone = (0 until batch by 15).map { b =>
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

  for ((pre, post) <- Seq((0, 7), (7, 0), (1, 1), (7, 9), (64, 65), (1000, 7))) {
    test(s"a gradient says how much a loss changes with input, weights and law, $pre x $post") {
      for {
        (c, k) <- connectivities(pre, post).zipWithIndex
        direction <- if (pre * post > 1000) Seq(Direction.values()(k / 2 % 2)) else Direction.values.toSeq
        backend <- Generators.compiled
      } {
        val input = Input.values()((k + direction.ordinal) % 2)
        val weights = Weights.values()(k % 3)
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
          case law: Weighted if weights != Weights.PER_SYNAPSE =>
            for ((name, of) <- Seq("weight_offset" -> new Weighted(law.connected, law.law, 1, 0), "weight_scale" -> new Weighted(law.connected, law.law, 0, 1))) {
              val (change, off) = loss(new Product(Form.of(of, direction, input).withBatch(batch).withWeights(weights), 5, backend), x, w)
              assert((gradient.law.get(name) - change).abs <= 20 * off + 1e-5 * byY.map(_.abs).sum, s"$what $name")
            }
          case _: Weighted => assert(gradient.law.values.toArray === Array(0.0, 0.0), "no weight is drawn")
          case _ => assert(gradient.law.isEmpty)
        }
      }
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
      w.zip(weights).foreach { case (s, weight) => expected(s.j) += weight }
      assert(y.toSeq === expected.toSeq)
    }
    val product = new Product(form, 5, Generators.compiled.head)
    refused("weights has 6 elements, got 1")(product.weights(1f))
    refused("weight 3 must be finite, got NaN")(product.weights(weights.updated(3, Float.NaN): _*))
  }

  private def refused(message: String)(make: => Any): Unit =
    assert(intercept[IllegalArgumentException](make).getMessage === message)

  test("what cannot be multiplied is refused, with the value and the rule") {
    val form = Form.of(new AllToAll(3, 5), Direction.ALONG, Input.VECTOR)
    for (backend <- Generators.backends) {
      val product = new Product(form.withBatch(2), 5, backend)
      refused("x has 6 elements, got 3")(product.multiply(new Array[Float](3)))
      refused("x has 6 elements, got 7")(product.multiply(new Array[Boolean](7)))
      refused("y has 10 elements, got 5")(product.result(new Array[Float](5)))
      refused("y has 10 elements, got 6")(product.gradient().run(new Array[Float](6)))
      refused("weights has 0 elements, got 1")(product.weights(1f))
      refused("weights has 0 elements, got 1")(product.gradient().weights(new Array[Float](1)))
    }
    refused("a batch has at least 1 member, got 0")(form.withBatch(0))
    refused("3 sources times a batch of 1000000000 exceed 2147483583 elements; use smaller batches")(
      new Product(form.withBatch(1000000000), 5, Generators.compiled.head))
    refused("5 targets times a batch of 500000000 exceed 2147483583 elements; use smaller batches")(
      new Product(form.withBatch(500000000), 5, Generators.compiled.head))
    val regenerated = "a weight for each synapse needs storage auto or stored, got regenerated; weights of a law (connect.Weighted) are regenerated too"
    refused(regenerated)(form.withWeights(Weights.PER_SYNAPSE).withStorage(Rows.Storage.REGENERATED))
    refused(regenerated)(form.withStorage(Rows.Storage.REGENERATED).withWeights(Weights.PER_SYNAPSE))
  }

  test("a dense matrix takes no memory beside its weights") {
    val n = 300
    val product = new Product(Form.of(new AllToAll(n, n), Direction.ALONG, Input.VECTOR).withWeights(Weights.PER_SYNAPSE), 5, Generators.compiled.head)
    assert(product.synapses === n * n)
    assert(product.bytes <= 4 * n * n + 64 * n)
  }
}
