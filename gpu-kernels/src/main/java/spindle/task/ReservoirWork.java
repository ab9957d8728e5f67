package spindle.task;

import java.util.TreeMap;
import spindle.train.data.Images;
import spindle.train.data.Split;
import spindle.train.readout.Gram;
import spindle.train.reservoir.LeakyReservoir;

/**
 * What is to be simulated: a reservoir, and the images that drive it in blocks, first those to
 * learn from.
 *
 * @param key names everything that the states depend on
 */
record ReservoirWork(
    String key, LeakyReservoir reservoir, Split images, long seed, String backend) {
  /**
   * Images per block, the unit in which work is shared and normal equations are summed: part of
   * their definition. Large, as each block of n units leaves a file of 4 n^2 bytes.
   */
  static final int BLOCK = 2048;

  /** Images that share a walk along the matrix. */
  static final int BATCH = 64;

  /** States of training images that are kept [B]. */
  static final long MOST_STATES = 1L << 30;

  /**
   * @param last first word of the parameters that only the last stage reads
   */
  static ReservoirWork of(Trial trial, String last, LeakyReservoir reservoir, Split images) {
    var parts = new TreeMap<String, String>();
    trial
        .settings()
        .values()
        .forEach(
            (name, value) -> {
              if (!name.startsWith(last + ".") && !name.equals("res.storage")) {
                parts.put(name, value.canonical());
              }
            });
    String versions = " v" + NumericsVersion.CURRENT + "." + ReservoirFile.VERSION;
    String key = "reservoir" + versions + " seed " + trial.seed() + " " + parts;
    return new ReservoirWork(key, reservoir, images, trial.seed(), trial.backend());
  }

  /** Number of blocks that so many images make. */
  static int blocks(long images) {
    return Math.toIntExact((images + BLOCK - 1) / BLOCK);
  }

  int blocks() {
    return blocks(images.train().count()) + blocks(images.test().count());
  }

  /** Under which a block is kept by itself. */
  String key(int block) {
    return key + " block " + block;
  }

  boolean isTraining(int block) {
    return block < blocks(images.train().count());
  }

  /** Images of a block. */
  Images block(int block) {
    boolean training = isTraining(block);
    Images of = training ? images.train() : images.test();
    int from = (training ? block : block - blocks(images.train().count())) * BLOCK;
    return of.subset(from, Math.min(BLOCK, of.count() - from));
  }

  int units() {
    return reservoir.units() * reservoir.layers();
  }

  /** Whether the states of all training images are kept. */
  boolean keeps() {
    return (long) units() * images.train().count() * Float.BYTES <= MOST_STATES;
  }

  /** Whether normal equations are summed; else there are fewer images than units. */
  boolean isPrimal() {
    return images.train().count() >= units() || !keeps();
  }

  Gram.Shape shape() {
    return new Gram.Shape(units(), images.train().classes(), BLOCK);
  }
}
