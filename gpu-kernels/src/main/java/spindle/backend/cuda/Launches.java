package spindle.backend.cuda;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import spindle.compile.ptx.Kernels;
import spindle.compile.ptx.Kernels.Shape;

/** The kernels of a program, loaded and ready to be launched on some trials. */
final class Launches {
  /** Steps of a graph: enough to hide that it is launched. */
  private static final int GRAPH_STEPS = 16;

  private static final int WARP = 32;
  private static final int GRID_THREADS = 256;

  /** Blocks beyond so many per multiprocessor would only wait. */
  static final int BLOCKS_EACH = 8;

  private final Device device;
  private final Held held;
  private final Driver.Stream stream;
  private final Driver.Launch[] step;
  private final Driver.Launch[] end;
  private final List<Driver.Graph> graphs = new ArrayList<>();
  private final Shape shape;
  private final Driver.Memory addresses;
  private final long[] taken;
  private int trials;

  /**
   * @param arenas address of each trial's
   * @param held takes what is made here
   */
  Launches(Kernels kernels, Device device, long[] arenas, Held held) {
    this.device = device;
    this.held = held;
    this.stream = held.keep(new Driver.Stream());
    this.shape = kernels.shape();
    Driver.Module module = held.keep(new Driver.Module(Code.image(kernels.text(), device)));
    this.addresses = held.keep(new Driver.Memory(8L * arenas.length));
    this.taken = new long[arenas.length];
    long argument = shape == Shape.GRID ? arenas[0] : addresses.address();
    Function<Kernels.Kernel, Driver.Launch> load =
        kernel -> {
          Driver.Function function = module.function(kernel.name());
          Driver.Size size =
              shape == Shape.GRID
                  ? grid(kernel, function)
                  : block(kernels, function, arenas.length);
          return held.keep(Driver.Launch.of(function, size, argument));
        };
    this.step = kernels.steps().stream().map(load).toArray(Driver.Launch[]::new);
    this.end = kernels.ends().stream().map(load).toArray(Driver.Launch[]::new);
  }

  /** Launches from now on the first {@code count} of these trials, all of which it knows. */
  void take(long[] arenas, int count) {
    boolean same = count == trials && Arrays.equals(arenas, 0, count, taken, 0, count);
    if (shape == Shape.GRID || same) {
      return;
    }
    addresses.write(0, arenas, count);
    step[0] = step[0].withBlocks(blocks(count));
    System.arraycopy(arenas, 0, taken, 0, count);
    trials = count;
  }

  private Driver.Size grid(Kernels.Kernel k, Driver.Function function) {
    int most = Math.min(device.threads(), function.mostThreads());
    if (k.elements() == 0) {
      return new Driver.Size(1, most / WARP * WARP, Kernels.SCRATCH);
    }
    int threads = Math.min(GRID_THREADS, most) / WARP * WARP;
    int needed = (int) ((k.elements() + (long) threads - 1) / threads);
    int blocks = Math.min(needed, BLOCKS_EACH * device.multiprocessors());
    return new Driver.Size(Math.max(1, blocks), threads, Kernels.SCRATCH);
  }

  private Driver.Size block(Kernels kernels, Driver.Function function, int trials) {
    int blocks = blocks(1);
    int most = Math.min(device.threads(), function.mostThreads()) / WARP * WARP;
    int share = (kernels.steps().get(0).elements() + blocks - 1) / blocks;
    int wanted = (share + WARP - 1) / WARP * WARP;
    int threads = Math.max(WARP, Math.min(most, wanted));
    int shared = sharedBytes(kernels);
    if (shared > Kernels.SCRATCH) {
      function.allowShared(shared);
    }
    boolean crowded = shape != Shape.CLUSTER && trials > device.multiprocessors();
    return new Driver.Size(
        blocks(trials), crowded ? paired(function, threads, shared) : threads, shared);
  }

  /** So many threads that a multiprocessor works on two trials at a time, if half of them do. */
  private static int paired(Driver.Function function, int threads, int shared) {
    for (int fewer = threads; fewer >= threads / 2; fewer -= WARP) {
      if (function.residentBlocks(fewer, shared) > 1) {
        return fewer;
      }
    }
    return threads;
  }

  /** Blocks of so many trials. */
  private int blocks(int trials) {
    return shape == Shape.CLUSTER ? Math.multiplyExact(trials, Kernels.CLUSTER_BLOCKS) : trials;
  }

  /** Shared memory of a block [B]. */
  static int sharedBytes(Kernels kernels) {
    long state = kernels.shape() == Shape.BLOCK_SHARED ? kernels.arena().bytes() : 0;
    return Math.toIntExact(Kernels.SCRATCH + state);
  }

  /** The queue of all launches. */
  Driver.Stream stream() {
    return stream;
  }

  /** Queues steps; the arenas that were taken say of which trials. */
  void run(int steps) {
    if (shape != Shape.GRID) {
      stream.launch(step[0]);
    } else {
      for (int left = steps; left > 0; ) {
        left -= grid(left);
      }
      launch(end, stream);
    }
  }

  private int grid(int left) {
    if (left < GRAPH_STEPS) {
      launch(step, stream);
      return 1;
    }
    if (graphs.isEmpty()) {
      graphs.add(held.keep(Driver.Stream.record(this::launchAll)));
    }
    stream.launch(graphs.get(0));
    return GRAPH_STEPS;
  }

  private void launchAll(Driver.Stream on) {
    for (int s = 0; s < GRAPH_STEPS; s++) {
      launch(step, on);
    }
  }

  private static void launch(Driver.Launch[] kernels, Driver.Stream on) {
    for (Driver.Launch l : kernels) {
      on.launch(l);
    }
  }
}
