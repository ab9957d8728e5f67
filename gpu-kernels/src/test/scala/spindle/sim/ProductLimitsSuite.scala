package spindle.sim

import org.scalatest.funsuite.AnyFunSuite
import spindle.connect._
import spindle.ir.{Direction, Generators, Rows}
import spindle.sim.Product.{Form, Input, Weights}

private[sim] trait Refusals { this: AnyFunSuite =>
  def refused(message: String)(make: => Any): Unit =
    assert(intercept[IllegalArgumentException](make).getMessage === message)
}

/** What products refuse, and what they hold. */
class ProductLimitsSuite extends AnyFunSuite with Refusals {
  test("what no array or heap can hold is refused before it is built, unless the storage is left open") {
    val backend = Generators.compiled.head
    val stored = Form.of(new Bernoulli(1000000, 1000000, 0.1), Direction.ALONG, Input.EVENTS).withStorage(Rows.Storage.STORED)
    refused("stored synapses of 1000000 x 1000000 would be 1.000e+11, and an array holds 2147483583; use regenerated storage")(
      new Product(stored, 5, backend))
    val dense = Form.of(new AllToAll(100000, 100000), Direction.ALONG, Input.VECTOR)
    refused("weights by synapse of 100000 x 100000 would be 1.000e+10, and an array holds 2147483583; draw weights from a law and regenerate")(
      new Product(dense.withWeights(Weights.PER_SYNAPSE), 5, backend))
    // 12 bytes each, more than any heap of these tests.
    val heavy = Form.of(Weighted.normal(new FixedOutDegree(2000000, 1000, 1000), 0, 1), Direction.ALONG, Input.VECTOR)
    val message = intercept[IllegalArgumentException](new Product(heavy.withStorage(Rows.Storage.STORED), 5, backend)).getMessage
    val heap = "%.3g".format(Runtime.getRuntime.maxMemory * 1e-9)
    assert(message === "2.000e+09 stored synapses of 2000000 x 1000 take at least 24.0 GB, and the heap has " + heap +
      " GB; use regenerated storage, or enlarge the heap (-Xmx)")
    val long = Form.of(new Bernoulli(1 << 30, 1 << 30, 1e-9), Direction.ALONG, Input.EVENTS)
    refused("vectors of 1073741824 sources and 1073741824 targets times a batch of 1 take at least 8.59 GB, and the heap has " +
      heap + " GB; take fewer neurons or smaller batches, or enlarge the heap (-Xmx)")(new Product(long, 5, backend))
    for (open <- Seq(dense, heavy.withStorage(Rows.Storage.AUTO))) {
      val product = new Product(open, 5, backend)
      assert(product.bytes < 1e8)
      product.close()
    }
  }

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
