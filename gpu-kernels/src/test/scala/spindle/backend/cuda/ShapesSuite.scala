package spindle.backend.cuda

import java.util.Optional

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite
import spindle.compile.Schedule
import spindle.compile.ptx.Kernels
import spindle.compile.ptx.Kernels.Shape
import spindle.ir._

/** The choice alone: which needs neither driver nor device. */
class ShapesSuite extends AnyFunSuite {
  private def device(capability: Int, multiprocessors: Int = 132) =
    new Device(0, "GPU-0", "some", 12060, capability, 1024, multiprocessors, 227 * 1024, 80L << 30)

  /** A program with 4 bytes of state per neuron, and so many more as its result is kept apart. */
  private def decay(n: Int) = {
    val t = new Trace("decay")
    t.declare(Variable.of("x", Type.vector(DType.F32, n)))
    t.store("x", t.load("x").times(0.5))
    Kernels.schedule(Lower.of(t.finish()))
  }

  private def chosen(n: Int, device: Device, trials: Int = 1, wanted: Option[Shape] = None): Shape =
    Shapes.choose(decay(n), Set.empty[String].asJava, trials, new CudaBackend(device, Optional.ofNullable(wanted.orNull))).shape

  test("a trial has a block, a cluster or the device by the size of its state") {
    assert(Seq(1000, 40_000, 200_000, 400_000, 4_000_000).map(chosen(_, device(90))) ===
      Seq(Shape.BLOCK_SHARED, Shape.BLOCK_SHARED, Shape.CLUSTER, Shape.CLUSTER, Shape.GRID))
  }

  test("below compute capability 9.0 nothing is a cluster, even if it is asked for") {
    for (n <- Seq(1000, 200_000, 4_000_000); old <- Seq(60, 80, 89); trials <- Seq(1, 4)) {
      assert(chosen(n, device(old), trials) !== Shape.CLUSTER)
      assert(chosen(n, device(old), trials, Some(Shape.CLUSTER)) === chosen(n, device(old), trials))
    }
    assert(chosen(200_000, device(120)) === Shape.CLUSTER)
  }

  test("many larger trials have clusters while there are multiprocessors for all, else a block each") {
    assert(Seq(1, 2, 16, 17, 264).map(chosen(200_000, device(90), _)) ===
      Seq(Shape.CLUSTER, Shape.CLUSTER, Shape.CLUSTER, Shape.BLOCK, Shape.BLOCK))
    assert(chosen(200_000, device(90, 7)) === Shape.GRID)
    assert(chosen(1000, device(90), 264) === Shape.BLOCK_SHARED)
  }

  test("what is asked for is done where the device can") {
    for (shape <- Shape.values; n <- Seq(1000, 200_000)) {
      val fits = shape != Shape.BLOCK_SHARED || n == 1000
      assert(chosen(n, device(90), wanted = Some(shape)) === (if (fits) shape else Shape.CLUSTER))
    }
    assert(chosen(1000, device(90), 2, Some(Shape.GRID)) === Shape.BLOCK, "a grid has one trial")
  }
}
