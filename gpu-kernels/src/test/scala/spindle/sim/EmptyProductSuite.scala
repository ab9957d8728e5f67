package spindle.sim

import org.scalatest.funsuite.AnyFunSuite
import spindle.connect._
import spindle.ir.{Direction, Generators}
import spindle.sim.Product.{Form, Input, Weights}

/** Products that multiply nothing. */
@spindle.Gpu
class EmptyProductSuite extends AnyFunSuite {
  private def plain(pre: Int, post: Int): Seq[Connectivity] =
    Seq(new Bernoulli(pre, post, 1), new AllToAll(pre, post), new Delayed(new Bernoulli(pre, post, 1), new Delayed.Constant(3)))

  test("without sources a batch has all its members, and no derivative but 0") {
    for {
      backend <- Generators.backends
      (direction, laws) <- Seq(Direction.ALONG -> plain(0, 4), Direction.AGAINST -> plain(4, 0))
      law <- laws :+ Weighted.uniform(laws.head, 1, 2)
      input <- Input.values
      weights <- if (law.isInstanceOf[Weighted]) Seq(Weights.OWN, Weights.COMMON) else Weights.values.toSeq
    } {
      val product = new Product(Form.of(law, direction, input).withBatch(3).withWeights(weights), 5, backend)
      assert(product.sources === 0 && product.targets === (if (law.isInstanceOf[Delayed] && direction == Direction.AGAINST) 36 else 12))
      product.multiply(new Array[Float](0))
      val y = Array.fill(product.targets)(1f)
      product.result(y)
      assert(y.forall(java.lang.Float.floatToIntBits(_) == 0), s"$law $direction ${backend.device}")
      val gradient = product.gradient()
      gradient.run(Array.fill(product.targets)(1f))
      gradient.input(new Array(0))
      val byWeights = Array.fill(product.weightCount)(1f)
      gradient.weights(byWeights)
      assert(byWeights.forall(_ == 0) && gradient.law.values.stream.allMatch(_ == 0.0))
    }
  }
}
