package spindle.backend.cuda

import org.scalatest.funsuite.AnyFunSuite
import spindle.backend.Backend
import spindle.backend.reference.ReferenceBackend
import spindle.compile.ptx.Kernels.Shape
import spindle.connect._
import spindle.ir.{Direction, Rows}
import spindle.sim.Product
import spindle.sim.Product.{Form, Input}

/** Many rows of unequal weights are walked at a time, and yet added in order. */
@spindle.Gpu
class WaveSuite extends AnyFunSuite {
  private def backends = {
    StandIn.missing.foreach(cancel(_))
    StandIn.shapes(Shape.values.toIndexedSeq: _*)
  }

  private def weighted(c: Connectivity): Connectivity = new Weighted(c, Weighted.Law.NORMAL, 0, 1)

  private def form(c: Connectivity, direction: Direction, input: Input, batch: Int): Form =
    Form.of(weighted(c), direction, input).withBatch(batch).withStorage(Rows.Storage.REGENERATED)

  /** Rows of columns that ascend, in one chunk and in two, of few and of all columns, and in no order. */
  private val small = for {
    (c, direction, batches) <- Seq(
      (new Bernoulli(80, 150, 0.2), Direction.ALONG, Seq(1, 3)),
      (new Bernoulli(9, 20, 0.4), Direction.ALONG, Seq(40)),
      (new UniformSkips(70, 50, 0.3, false), Direction.ALONG, Seq(1)),
      (new AllToAll(70, 13), Direction.ALONG, Seq(1)),
      (new FixedOutDegree(20, 50, 7), Direction.ALONG, Seq(1, 3)),
      (new FixedInDegree(30, 40, 9), Direction.AGAINST, Seq(1)))
    input <- Input.values.toSeq
    batch <- batches
  } yield form(c, direction, input, batch)
  private val wide = form(new Bernoulli(9, 40000, 0.004), Direction.ALONG, Input.VECTOR, 1)

  private def multiply(form: Form, backend: Backend): Seq[Int] = {
    val product = new Product(form, 5, backend)
    try {
      val random = new scala.util.Random(3)
      product.multiply(Array.fill(product.sources)(if (random.nextInt(4) == 0) 0f else random.nextGaussian().toFloat))
      val y = new Array[Float](product.targets)
      product.result(y)
      y.toSeq.map(java.lang.Float.floatToIntBits)
    } finally product.close()
  }

  test("rows that are walked anew are added in the interpreter's order, in every shape, whatever the order of threads") {
    assert(wide.connectivity.rows("p", Rows.Storage.REGENERATED).chunks === 2)
    for ((f, k) <- (small :+ wide).zipWithIndex) {
      val expected = multiply(f, new ReferenceBackend)
      for (backend <- backends) {
        StandIn.seed(k)
        assert(multiply(f, backend) === expected, s"$f on ${backend.device}")
      }
    }
  }

  test("rows that do not wait for each other are found out") {
    StandIn.unseen.foreach(cancel(_))
    StandIn.plant(1)
    try {
      val e = intercept[CudaError](multiply(small.head, StandIn.shapes(Shape.GRID).head))
      assert(e.getMessage.contains("kernel piece") && e.getMessage.contains("race"))
    } finally StandIn.plant(0)
  }
}
