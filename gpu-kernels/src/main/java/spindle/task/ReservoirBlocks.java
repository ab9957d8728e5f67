package spindle.task;

import spindle.backend.Backend;
import spindle.sim.Backends;
import spindle.train.data.Images;
import spindle.train.readout.Features;
import spindle.train.readout.Gram;
import spindle.train.reservoir.States;

/** Simulates blocks of images; the reservoir is compiled when the first one is asked for. */
final class ReservoirBlocks implements AutoCloseable {
  private static final float[] NONE = {};

  private final ReservoirWork work;
  private final Backend backend;
  private States states;

  ReservoirBlocks(ReservoirWork work) {
    this.work = work;
    backend = Backends.named(work.backend());
  }

  /** States of a block, and of a training block the products too. */
  ReservoirStates simulate(int block) {
    long start = System.nanoTime();
    double compiling = states == null ? open() : 0;
    Images images = work.block(block);
    float[] values = drive(images);
    boolean training = work.isTraining(block);
    Gram gram = training && work.isPrimal() ? gram(block, images, values) : null;
    double seconds = (System.nanoTime() - start) * 1e-9;
    float[] train = training && work.keeps() ? values : NONE;
    return new ReservoirStates(
        facts(images, seconds, compiling), gram, train, training ? NONE : values);
  }

  private double open() {
    int inputs = work.images().train().columns();
    states = new States(work.reservoir(), inputs, ReservoirWork.BATCH, work.seed(), backend);
    return states.compileSeconds();
  }

  private Gram gram(int block, Images images, float[] values) {
    var gram = new Gram(work.shape(), block, Gram.Part.WHOLE);
    gram.add(
        Features.bySample(values, images.count(), states.units()),
        Features.oneHot(images.labels(), images.classes()));
    return gram;
  }

  /** States after each image, image by image. */
  private float[] drive(Images images) {
    int units = states.units();
    var values = new float[Math.multiplyExact(images.count(), units)];
    var row = new double[units];
    for (int from = 0; from < images.count(); from += ReservoirWork.BATCH) {
      int count = Math.min(ReservoirWork.BATCH, images.count() - from);
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

  private ReservoirStates.Facts facts(Images images, double seconds, double compiling) {
    return new ReservoirStates.Facts(
        states.units(),
        states.synapses(),
        (long) images.count() * images.rows(),
        states.bytes(),
        states.bytesIfStored(),
        seconds,
        compiling,
        backend.name(),
        backend.device(),
        states.shape());
  }

  @Override
  public void close() {
    if (states != null) {
      states.close();
    }
  }
}
