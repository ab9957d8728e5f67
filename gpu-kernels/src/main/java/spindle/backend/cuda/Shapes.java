package spindle.backend.cuda;

import java.util.List;
import java.util.Set;
import spindle.compile.Schedule;
import spindle.compile.ptx.Kernels;
import spindle.compile.ptx.Kernels.Shape;
import spindle.ir.Lower;
import spindle.ir.Program;

/** Chooses how a program is spread over a device. */
final class Shapes {
  private Shapes() {}

  /**
   * The kernels of a program in the shape that was asked for where the device can do it, else in
   * the first that suits: a block keeps the state of a small trial in its shared memory; a cluster
   * shares a larger one, while no block has more of it than that and there are multiprocessors for
   * all; beyond, one trial has the whole device, and each of many has a block.
   *
   * @param trials that run side by side
   */
  static Kernels choose(Schedule schedule, Set<String> recorded, int trials, CudaBackend backend) {
    Shape last = trials > 1 ? Shape.BLOCK : Shape.GRID;
    Shape wanted = backend.wanted().orElse(Shape.BLOCK_SHARED);
    Shape first = wanted == Shape.GRID ? last : wanted;
    for (Shape shape : List.of(first, Shape.BLOCK_SHARED, Shape.CLUSTER)) {
      if (shape == Shape.CLUSTER && !backend.on().hasClusters()) {
        continue;
      }
      Kernels kernels = Kernels.of(schedule, recorded, shape);
      boolean asked = backend.wanted().isPresent() && shape == first;
      if (fits(kernels, backend.on()) && (asked || suits(kernels, backend.on(), trials))) {
        return kernels;
      }
    }
    return Kernels.of(schedule, recorded, last);
  }

  /** Whether a program's state fits the shared memory of a block. */
  static boolean isSmall(Program source, Set<String> recorded, Device device) {
    Schedule schedule = Kernels.schedule(Lower.of(source));
    return fits(Kernels.of(schedule, recorded, Shape.BLOCK_SHARED), device);
  }

  private static boolean fits(Kernels kernels, Device device) {
    return Launches.sharedBytes(kernels) <= device.sharedBytes();
  }

  private static boolean suits(Kernels kernels, Device device, int trials) {
    int blocks = Kernels.CLUSTER_BLOCKS;
    return kernels.shape() != Shape.CLUSTER
        || ((long) trials * blocks <= device.multiprocessors()
            && kernels.arena().bytes() / blocks <= device.sharedBytes());
  }
}
