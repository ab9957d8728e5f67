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
}
