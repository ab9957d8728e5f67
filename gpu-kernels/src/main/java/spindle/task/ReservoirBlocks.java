package spindle.task;

import java.lang.ref.SoftReference;
import java.util.Optional;
import spindle.backend.Backend;
import spindle.sim.Backends;
import spindle.train.data.Images;
import spindle.train.readout.Features;
import spindle.train.reservoir.States;

/**
 * The states after the images of each block: in memory as long as there is room, else from the
 * workspace, else simulated, which leaves them there. The reservoir is compiled when a block is
 * simulated first.
 */
final class ReservoirBlocks implements AutoCloseable {
  private final ReservoirWork work;
  private final Workspace workspace;
  private final SoftReference<?>[] known;
  private Optional<States> states = Optional.empty();
  private boolean closed;

  /**
   * A block of images in a reservoir.
   *
   * @param values states after each image, image by image
   */
  record Block(ReservoirFacts facts, float[] values) {}

  ReservoirBlocks(ReservoirWork work, Workspace workspace) {
    this.work = work;
    this.workspace = workspace;
    known = new SoftReference<?>[work.blocks()];
  }

  /** Where blocks and what is made of them are kept. */
  Workspace workspace() {
    return workspace;
  }

  /** A block, wherever it comes from. */
  synchronized Block block(int k) {
    if (known[k] != null && known[k].get() instanceof Block block) {
      return block;
    }
    Optional<Block> saved = ReservoirFile.block(work.key(k), workspace);
    Block block = saved.isPresent() ? saved.get() : simulated(k);
    known[k] = new SoftReference<>(block);
    return block;
  }

  private Block simulated(int k) {
    long start = System.nanoTime();
    double compiling = states.isEmpty() ? open() : 0;
    Images images = work.block(k);
    float[] values = drive(states.orElseThrow(), images);
    double seconds = (System.nanoTime() - start) * 1e-9;
    Backend backend = Backends.named(work.backend());
    ReservoirFacts facts =
        ReservoirFacts.of(work, states.orElseThrow(), backend).took(images, seconds, compiling);
    var block = new Block(facts, values);
    ReservoirFile.save(work.key(k), workspace, block);
    if (closed) {
      close();
    }
    return block;
  }

  private double open() {
    states = Optional.of(open(work, work.images().train().columns()));
    return states.get().compileSeconds();
  }

  private static States open(ReservoirWork work, int inputs) {
    Backend backend = Backends.named(work.backend());
    return new States(work.reservoir(), inputs, work.batch(), work.seed(), backend);
  }

  /**
   * Of a reservoir that one image drives.
   *
   * @param inputs per step, those of pixels first
   */
  static ReservoirFacts facts(ReservoirWork work, int inputs) {
    try (States own = open(work, inputs)) {
      own.step(work.images().train(), 0, 1, 0); // some memory is taken by the first
      return ReservoirFacts.of(work, own, Backends.named(work.backend()));
    }
  }

  /** States after each image, image by image. */
  private static float[] drive(States states, Images images) {
    int units = states.units();
    var values = new float[Math.multiplyExact(images.count(), units)];
    var row = new double[units];
    for (int from = 0; from < images.count(); from += states.batch()) {
      int count = Math.min(states.batch(), images.count() - from);
      Features after = states.after(images, from, count);
      for (int s = 0; s < count; s++) {
        after.read(s, row, 0);
        for (int u = 0; u < units; u++) {
          values[(from + s) * units + u] = (float) row[u];
        }
      }
    }
    return values;
  }

  /** States after the training images. */
  Features train() {
    return new Blocked(this, 0, work.images().train().count(), work.units());
  }

  /** States after the test images. */
  Features test() {
    return new Blocked(this, work.trainBlocks(), work.images().test().count(), work.units());
  }

  /** Lets the reservoir go; a block that is missed later compiles it again. */
  @Override
  public synchronized void close() {
    states.ifPresent(States::close);
    states = Optional.empty();
    closed = true;
  }

  /** Blocks from one on as one matrix; for one thread, which reads it from the first sample on. */
  private static final class Blocked implements Features {
    private final ReservoirBlocks blocks;
    private final int first;
    private final int samples;
    private final int units;
    private int at = -1;
    private float[] values = {};

    Blocked(ReservoirBlocks blocks, int first, int samples, int units) {
      this.blocks = blocks;
      this.first = first;
      this.samples = samples;
      this.units = units;
    }

    @Override
    public int samples() {
      return samples;
    }

    @Override
    public int units() {
      return units;
    }

    @Override
    public void read(int sample, double[] row, int from) {
      int block = sample / ReservoirWork.BLOCK;
      if (block != at) {
        values = new float[0]; // not two at a time
        values = blocks.block(first + block).values();
        at = block;
      }
      int start = sample % ReservoirWork.BLOCK * units;
      for (int u = 0; u < units; u++) {
        row[from + u] = values[start + u];
      }
    }
  }
}
