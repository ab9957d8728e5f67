package spindle.sim

import org.scalatest.funsuite.AnyFunSuite
import spindle.backend.Backend
import spindle.connect._
import spindle.ir.{Direction, Generators}
import spindle.sim.Product.{Form, Input, Weights}

/** Weights that rows were given stay with their synapses, whatever the delays number them by. */
@spindle.Gpu
class GivenWeightsSuite extends AnyFunSuite {
  private val (pre, post) = (13, 29)
  private val random = new scala.util.Random(11)

  private def delays: Seq[Delayed.Law] = Seq(new Delayed.Constant(1), new Delayed.Constant(3), new Delayed.Uniform(0, 4),
    new Delayed.Distance(Generators.grid(pre, false), Generators.grid(post, false), 3, 0.5))

  private def weighted: Seq[Csr] = Generators.connectivities(pre, post).collect { case c: Csr if c.weights.length > 0 => c }

  private def multiply(form: Form, x: Array[Float], backend: Backend): Seq[Int] = {
    val product = new Product(form, 5, backend)
    product.multiply(x)
    val y = new Array[Float](product.targets)
    product.result(y)
    product.close()
    y.toSeq.map(java.lang.Float.floatToIntBits)
  }

  for (law <- delays)
    test(s"weights by synapse begin as those given, with delays $law") {
      for (c <- weighted; direction <- Direction.values; input <- Input.values; batch <- Seq(1, 3)) {
        val form = Form.of(new Delayed(c, law), direction, input).withBatch(batch)
        val sources = direction.sources(form.connectivity.rows("matrix", form.storage))
        val x = Array.fill(sources * batch)(random.nextInt(3).toFloat)
        for (backend <- Generators.backends)
          assert(multiply(form.withWeights(Weights.PER_SYNAPSE), x, backend) === multiply(form, x, backend), s"$c $direction $input")
      }
    }

  test("of many rows, too") {
    val (pre, post) = (1500, 70)
    val pairs = Array.range(0, pre * post).filter(_ => random.nextInt(9) == 0)
    val weights = pairs.map(_ => random.nextInt(100).toFloat)
    val c = Csr.of(pre, post, new Csr.Pairs(pairs.map(_ / post), pairs.map(_ % post), weights))
    for (direction <- Direction.values; backend <- Generators.compiled) {
      val form = Form.of(new Delayed(c, new Delayed.Uniform(0, 4)), direction, Input.VECTOR)
      val x = Array.fill(direction.sources(form.connectivity.rows("matrix", form.storage)))(random.nextFloat())
      assert(multiply(form.withWeights(Weights.PER_SYNAPSE), x, backend) === multiply(form, x, backend))
    }
  }

  test("synapses of the longest delay come first") {
    val c = Csr.of(2, Array(0, 2, 3), Array(0, 1, 1), Array(5f, 7f, 11f))
    val line = new Grid(1, 2, false)
    val slow = new Delayed(c, new Delayed.Distance(line, line, 1, 1)) // a step for each spacing beside the first
    val rows = slow.rows("matrix", spindle.ir.Rows.Storage.STORED)
    assert(GivenWeights.ordered(c, rows, slow.arguments("matrix", 5)).toSeq === Seq(7f, 5f, 11f))
  }
}
