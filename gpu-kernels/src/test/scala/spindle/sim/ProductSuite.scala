package spindle.sim

import org.scalatest.funsuite.AnyFunSuite
import spindle.backend.Backend
import spindle.backend.reference.ReferenceBackend
import spindle.connect._
import spindle.ir.{Direction, Generators, Rows}
import spindle.sim.Product.{Form, Input}

/** One matrix for all uses: every direction, input, batch and storage multiplies by the same numbers. */
class ProductSuite extends AnyFunSuite {
  private val random = new scala.util.Random(7)

  private def vector(n: Int): Array[Float] = Array.fill(n)(random.nextGaussian().toFloat)

  private def multiply(form: Form, x: Array[Float], backend: Backend, weights: Array[Float] = Array()): Array[Float] = {
    val product = new Product(form, 5, backend)
    if (form.weighted) product.weights(weights)
    product.multiply(x)
    val y = new Array[Float](product.targets)
    product.result(y)
    y
  }

  /** The matrix, row = presynaptic neuron: the product with a batch of unit vectors, on the reference. */
  private def dense(c: Connectivity): Array[Array[Float]] = {
    val units = Array.tabulate(c.pre * c.pre)(k => if (k / c.pre == k % c.pre) 1f else 0f)
    val form = Form.of(c, Direction.ALONG, Input.VECTOR).withBatch(c.pre max 1)
    val y = if (c.pre == 0) Array[Float]() else multiply(form, units, new ReferenceBackend)
    Array.tabulate(c.pre, c.post)((i, j) => y(j * c.pre + i))
  }

  private def shapes = Seq((0, 0), (1, 1), (7, 7), (64, 64), (0, 7), (7, 0), (1, 64), (64, 1), (13, 29))

  private val storages = Seq(Rows.Storage.STORED, Rows.Storage.REGENERATED)

  /** The entries that are synapses, in the order of their weights; drawn weights are never 0. */
  private def places(w: Array[Array[Float]]): Seq[(Int, Int)] =
    for (i <- w.indices; j <- w(i).indices if w(i)(j) != 0) yield (i, j)

  /** x times the matrix in float64, and how far n products and n sums in float32 may be off. */
  private def exact(w: Array[Array[Float]], x: Array[Float], direction: Direction, targets: Int): Seq[(Double, Double)] =
    (0 until targets).map { j =>
      val terms = x.indices.map(i => x(i).toDouble * (if (direction == Direction.ALONG) w(i)(j) else w(j)(i)))
      (terms.sum, (x.length + 2) * 6e-8 * terms.map(_.abs).sum)
    }

  for ((pre, post) <- shapes) {
    test(s"products equal the dense matrix times the vector, $pre x $post") {
      for (c <- Generators.connectivities(pre, post); direction <- Direction.values) {
        val w = dense(c)
        val form = Form.of(c, direction, Input.VECTOR)
        val x = vector(if (direction == Direction.ALONG) pre else post)
        for (backend <- Generators.compiled; storage <- storages) {
          val y = multiply(form.withStorage(storage), x, backend)
          for (((right, bound), j) <- exact(w, x, direction, y.length).zipWithIndex)
            assert((y(j) - right).abs <= bound, s"$c $direction $storage ${backend.device} [$j]")
        }
      }
    }

    test(s"products with a weight by synapse equal those of the dense matrix, $pre x $post") {
      for (c <- Generators.connectivities(pre, post)) {
        val there = places(dense(c))
        val weights = vector(there.size)
        val w = Array.ofDim[Float](pre, post)
        there.zip(weights).foreach { case ((i, j), g) => w(i)(j) = g }
        for (direction <- Direction.values; input <- Input.values; backend <- Generators.compiled) {
          val sources = if (direction == Direction.ALONG) pre else post
          val x = if (input == Input.EVENTS) Array.tabulate(sources)(i => (i % 3 / 2).toFloat) else vector(sources)
          val y = multiply(Form.of(c, direction, input).withWeights, x, backend, weights)
          for (((right, bound), j) <- exact(w, x, direction, y.length).zipWithIndex)
            assert((y(j) - right).abs <= bound, s"$c $direction $input ${backend.device} [$j]")
        }
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
        form = if (weighted) Form.of(c, direction, kind).withWeights else Form.of(c, direction, kind)
        bySynapse = vector(if (weighted) places(dense(c)).size else 0)
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
      for (c <- Generators.connectivities(n, n + 1); backend <- Generators.compiled) {
        val (x, y) = (vector(n), vector(n + 1))
        val along = multiply(Form.of(c, Direction.ALONG, Input.VECTOR), x, backend)
        val against = multiply(Form.of(c, Direction.AGAINST, Input.VECTOR), y, backend)
        def dot(a: Array[Float], b: Array[Float]) = a.indices.map(i => a(i).toDouble * b(i)).sum
        val scale = math.sqrt(dot(along, along) * dot(y, y)) + math.sqrt(dot(against, against) * dot(x, x))
        assert((dot(along, y) - dot(against, x)).abs <= 1e-5 * scale + 1e-30, s"$c ${backend.device}")
      }
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
    val w = dense(c)
    val form = Form.of(c, Direction.ALONG, Input.VECTOR).withWeights
    val weights = Array(1f, 2f, 4f, 8f, 16f, 32f)
    val filled = w.flatMap(_.zipWithIndex.filter(_._1 != 0).map(_._2))
    for (backend <- Generators.backends) {
      val y = multiply(form, Array(1f, 1f, 1f), backend, weights)
      val expected = new Array[Float](5)
      filled.indices.foreach(s => expected(filled(s)) += weights(s))
      assert(y.toSeq === expected.toSeq)
    }
    val product = new Product(form, 5, Generators.compiled.head)
    intercept[IllegalArgumentException](product.weights(Array(1f)))
    assert(intercept[IllegalArgumentException](product.weights(weights.updated(3, Float.NaN))).getMessage ===
      "weight 3 must be finite, got NaN")
    intercept[IllegalArgumentException](product.multiply(Array(1f)))
    intercept[IllegalArgumentException](Form.of(c, Direction.ALONG, Input.VECTOR).withBatch(0))
  }

  test("a dense matrix takes no memory beside its weights") {
    val n = 300
    val product = new Product(Form.of(new AllToAll(n, n), Direction.ALONG, Input.VECTOR).withWeights, 5, Generators.compiled.head)
    assert(product.synapses === n * n)
    assert(product.bytes <= 4 * n * n + 64 * n)
  }
}
