package spindle.task;

import java.util.List;

/**
 * What a trial of a reservoir is predicted to take.
 *
 * @param units of all layers
 * @param train training images
 * @param test test images
 * @param rows steps per image
 * @param synapses expected number of them
 * @param epochs of FORCE learning, 0: other readouts
 * @param ridge whether the readout is ridge regression
 * @param stored whether weights may be stored
 */
record ReservoirCost(
    double units,
    double train,
    double test,
    int rows,
    double synapses,
    long epochs,
    boolean ridge,
    boolean stored) {
  // JDK 17, one core of an AMD EPYC (Zen 4): a synapse for one image; a unit; a product in float64;
  // an entry of P, which is read and written.
  private static final double SECONDS_PER_SYNAPSE = 0.4e-9;
  private static final double SECONDS_PER_UNIT = 6e-9;
  private static final double SECONDS_PER_PRODUCT = 0.3e-9;
  private static final double SECONDS_PER_ENTRY = 1e-9;

  // A synapse that no other image shares.
  private static final double SECONDS_PER_STORED_SYNAPSE = 1e-9;
  private static final double SECONDS_PER_REGENERATED_SYNAPSE = 8e-9;

  private static final double SECONDS_PER_TRIAL = 0.5;
  private static final double STORED_BYTES = 10;
  private static final int COPIES_OF_STATE = 4;

  private double steps() {
    return (train + test) * rows;
  }

  private boolean primal() {
    return ReservoirWork.isPrimal((long) train, units);
  }

  /** Work that trials share: the states, and where they are solved the normal equations. */
  Task.Shared shared() {
    if (epochs > 0) {
      return Task.Shared.NOTHING;
    }
    int blocks = ReservoirWork.blocks((long) train) + ReservoirWork.blocks((long) test);
    double states = steps() * stepSeconds();
    if (!ridge || !primal()) {
      return new Task.Shared(List.of(blocks), states);
    }
    double products = train * units * units / 2 * SECONDS_PER_PRODUCT;
    int parts = ReservoirWork.parts((long) train, units);
    return new Task.Shared(List.of(blocks, parts), states + products);
  }

  /** A step of one image among many. */
  private double stepSeconds() {
    return synapses * SECONDS_PER_SYNAPSE + units * SECONDS_PER_UNIT;
  }

  /** A step of one image alone, which is learnt from. */
  private double learningSeconds() {
    return synapses * (stored ? SECONDS_PER_STORED_SYNAPSE : SECONDS_PER_REGENERATED_SYNAPSE)
        + units * SECONDS_PER_UNIT
        + units * units * SECONDS_PER_ENTRY;
  }

  private double readoutSeconds() {
    if (epochs > 0) {
      return epochs * train * rows * learningSeconds() + steps() * stepSeconds();
    }
    if (!ridge) {
      return train * units * units * SECONDS_PER_ENTRY;
    }
    double solved = primal() ? units : train;
    double kernel = primal() ? 0 : train * train / 2 * units;
    return (kernel + solved * solved * solved / 6) * SECONDS_PER_PRODUCT;
  }

  /** Memory of the simulation: states of a batch, weights, and a block of states. */
  private double simulationBytes() {
    double state = COPIES_OF_STATE * Float.BYTES * units * ReservoirWork.BATCH;
    return state + (stored ? STORED_BYTES * synapses : 0) + blockBytes();
  }

  private double blockBytes() {
    return Float.BYTES * units * Math.min(ReservoirWork.BLOCK, Math.max(train, test));
  }

  /**
   * Memory of the readout: P; or X'X, its factor and a block in float64; or XX', a run of units
   * twice, and all states, which else were read from files many times.
   */
  private double readoutBytes() {
    if (!ridge) {
      return Double.BYTES * units * units + blockBytes();
    }
    return primal()
        ? Double.BYTES * units * units + 3 * blockBytes()
        : Double.BYTES * train * train / 2
            + Float.BYTES * units * train
            + Math.min(256 << 20, 2 * Double.BYTES * units * train);
  }

  Cost cost() {
    return new Cost(
        units * steps(),
        synapses * steps(),
        synapses,
        shared().seconds() + readoutSeconds() + SECONDS_PER_TRIAL,
        Math.max(simulationBytes(), readoutBytes()),
        0);
  }
}
