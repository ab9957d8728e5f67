package spindle.task;

import java.util.List;
import spindle.train.readout.Ridge;

/** What a trial of a reservoir is predicted to take. */
record ReservoirCost(Network network, Drive drive, Learning learning) {
  /**
   * The reservoir.
   *
   * @param units of all layers
   * @param synapses expected number of them
   * @param stored whether weights may be stored
   */
  record Network(double units, double synapses, boolean stored) {}

  /**
   * The images that drive it.
   *
   * @param train training images
   * @param test test images
   * @param rows steps per image
   */
  record Drive(double train, double test, int rows) {}

  /**
   * The readout.
   *
   * @param ridge whether it is ridge regression
   * @param epochs of FORCE learning, 0: other readouts
   */
  record Learning(boolean ridge, long epochs) {}

  // JDK 17, one core of an AMD EPYC (Zen 5), benchmarks/results/reservoir-zen5.jsonl: a synapse for
  // one of many images (above 128 together); a unit; a product in float64.
  private static final double SECONDS_PER_SYNAPSE = 0.07e-9;
  private static final double SECONDS_PER_UNIT = 2.5e-9;
  private static final double SECONDS_PER_PRODUCT = 0.1e-9;

  // The same on a Zen 4: an entry of P, which is read and written; a synapse that no other image
  // shares.
  private static final double SECONDS_PER_ENTRY = 1e-9;
  private static final double SECONDS_PER_STORED_SYNAPSE = 1e-9;
  private static final double SECONDS_PER_REGENERATED_SYNAPSE = 8e-9;

  private static final double SECONDS_PER_TRIAL = 0.5;
  private static final double STORED_BYTES = 10;
  private static final int COPIES_OF_STATE = 4;

  private double steps() {
    return (drive.train + drive.test) * drive.rows;
  }

  private boolean primal() {
    return ReservoirWork.isPrimal((long) drive.train, network.units);
  }

  /** Work that trials share: the states, and where they are solved the normal equations. */
  Task.Shared shared() {
    if (learning.epochs > 0) {
      return Task.Shared.NOTHING;
    }
    int blocks = ReservoirWork.blocks((long) drive.train) + ReservoirWork.blocks((long) drive.test);
    double states = steps() * stepSeconds();
    if (!learning.ridge || !primal()) {
      return new Task.Shared(List.of(blocks), states);
    }
    double products = drive.train * network.units * network.units / 2 * SECONDS_PER_PRODUCT;
    int parts = ReservoirWork.parts((long) drive.train, network.units);
    return new Task.Shared(List.of(blocks, parts), states + products);
  }

  /** A step of one image among many. */
  private double stepSeconds() {
    return network.synapses * SECONDS_PER_SYNAPSE + network.units * SECONDS_PER_UNIT;
  }

  /** A step of one image alone, which is learnt from. */
  private double learningSeconds() {
    return network.synapses
            * (network.stored ? SECONDS_PER_STORED_SYNAPSE : SECONDS_PER_REGENERATED_SYNAPSE)
        + network.units * SECONDS_PER_UNIT
        + network.units * network.units * SECONDS_PER_ENTRY;
  }

  private double readoutSeconds() {
    if (learning.epochs > 0) {
      return learning.epochs * drive.train * drive.rows * learningSeconds()
          + steps() * stepSeconds();
    }
    if (!learning.ridge) {
      return drive.train * network.units * network.units * SECONDS_PER_ENTRY;
    }
    double solved = primal() ? network.units : drive.train;
    double kernel = primal() ? 0 : drive.train * drive.train / 2 * network.units;
    return (kernel + solved * solved * solved / 6) * SECONDS_PER_PRODUCT;
  }

  /** Memory of the simulation: states of a batch, weights, and a block of states. */
  private double simulationBytes() {
    double state =
        COPIES_OF_STATE
            * Float.BYTES
            * network.units
            * ReservoirWork.batch((long) drive.train, network.units);
    return state + (network.stored ? STORED_BYTES * network.synapses : 0) + blockBytes();
  }

  private double blockBytes() {
    return Float.BYTES
        * network.units
        * Math.min(ReservoirWork.BLOCK, Math.max(drive.train, drive.test));
  }

  /**
   * Memory of the readout: P; or X'X, its factor and a block in float64; or all states, which else
   * were read from files many times, and what solving for few samples takes beside them.
   */
  private double readoutBytes() {
    if (!learning.ridge) {
      return Double.BYTES * network.units * network.units + blockBytes();
    }
    return primal()
        ? Double.BYTES * network.units * network.units + 3 * blockBytes()
        : Float.BYTES * network.units * drive.train + Ridge.dualBytes(drive.train, network.units);
  }

  Cost cost() {
    return new Cost(
        network.units * steps(),
        network.synapses * steps(),
        network.synapses,
        shared().seconds() + readoutSeconds() + SECONDS_PER_TRIAL,
        Math.max(simulationBytes(), readoutBytes()),
        0);
  }
}
