package spindle.task;

import java.util.TreeMap;
import spindle.train.data.Images;
import spindle.train.data.Split;
import spindle.train.readout.Gram;
import spindle.train.reservoir.LeakyReservoir;

/**
 * What is to be simulated: a reservoir, and the images that drive it in blocks, first those to
 * learn from; and the products of their states, in parts of the matrix.
 *
 * @param key names everything that the states depend on
 * @param partBytes size of a part of the normal equations [B]; changes no bit of them
 */
record ReservoirWork(
    String key,
    LeakyReservoir reservoir,
    Split images,
    long seed,
    String backend,
    double partBytes) {
  /**
   * Images per block, the unit in which images are simulated and normal equations are summed: part
   * of their definition.
   */
  static final int BLOCK = 2048;

  /**
   * Most images that share a walk along the matrix. Products of larger batches are hardly faster;
   * half as many make them a tenth slower and take half the memory, where there is much.
   */
  private static final int MOST_TOGETHER = 512;

  /** Units of all layers above which half as many go together. */
  private static final int LARGE = 4096;

  /** Batches are multiples of it, so that vectors need no tail. */
  private static final int VECTOR = 16;

  private static final double PART_BYTES = 64 << 20;

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
    return new ReservoirWork(key, reservoir, images, trial.seed(), trial.backend(), PART_BYTES);
  }

  /** The same with smaller or larger parts. */
  ReservoirWork withParts(double bytes) {
    return new ReservoirWork(key, reservoir, images, seed, backend, bytes);
  }

  /** Number of blocks that so many images make. */
  static int blocks(long images) {
    return Math.toIntExact((images + BLOCK - 1) / BLOCK);
  }

  /** Whether normal equations are summed; else there are fewer images than units. */
  static boolean isPrimal(long images, double units) {
    return images >= units;
  }

  /** Number of parts that the normal equations of so many images are summed in; 0: not at all. */
  static int parts(long images, double units) {
    return parts(images, units, PART_BYTES);
  }

  private static int parts(long images, double units, double bytes) {
    return isPrimal(images, units) ? (int) Math.ceil(4 * units * units / bytes) : 0;
  }

  /** Images that share a walk along the matrix; changes no bit of their states. */
  int batch() {
    return batch(images.train().count(), units());
  }

  /**
   * The same for so many training images and units of all layers: a block of images fills its
   * batches.
   */
  static int batch(long images, double units) {
    int most = units > LARGE ? MOST_TOGETHER / 2 : MOST_TOGETHER;
    int block = (int) Math.max(1, Math.min(images, BLOCK));
    int batches = (block + most - 1) / most;
    int each = (block + batches - 1) / batches;
    return (each + VECTOR - 1) / VECTOR * VECTOR;
  }

  int trainBlocks() {
    return blocks(images.train().count());
  }

  int blocks() {
    return trainBlocks() + blocks(images.test().count());
  }

  int parts() {
    return parts(images.train().count(), units(), partBytes);
  }

  /** Under which the states of a block are kept. */
  String key(int block) {
    return key + " block " + block;
  }

  /** Under which a part of the normal equations is kept. */
  String partKey(int part) {
    return key + " part " + part + " of " + parts();
  }

  /** Images of a block. */
  Images block(int block) {
    boolean training = block < trainBlocks();
    Images of = training ? images.train() : images.test();
    int from = (training ? block : block - trainBlocks()) * BLOCK;
    return of.subset(from, Math.min(BLOCK, of.count() - from));
  }

  int units() {
    return reservoir.units() * reservoir.layers();
  }

  boolean isPrimal() {
    return isPrimal(images.train().count(), units());
  }

  Gram.Shape shape() {
    return new Gram.Shape(units(), images.train().classes(), BLOCK);
  }
}
