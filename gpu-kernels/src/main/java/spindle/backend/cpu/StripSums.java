package spindle.backend.cpu;

import spindle.backend.cpu.RowSums.Strips;
import spindle.backend.cpu.Tiles.Part;
import spindle.backend.cpu.Tiles.Picked;

/**
 * Products of a vector with weights in strips, without -0. Every second one goes from the last
 * strip to the first, and so finds in the cache what the one before read last.
 */
final class StripSums implements Runnable {
  /**
   * Share of sources that are not 0 from which all are multiplied: to pick costs a check of bounds
   * for each vector, and so memory comes later.
   */
  private static final double MOST = 0.5;

  private final float[] x;
  private final float[] sums;
  private final int sources;

  /** First target, at the beginning of a strip, and the one behind the last. */
  private final int from;

  private final int to;

  /** The sources that are not 0. */
  private final int[] numbers;

  private final float[] factors;

  /** As the next product takes them, and as the one after it. */
  private Strips strips;

  private Strips turned;

  /**
   * Products that are written to a target with room for whole strips.
   *
   * @param strips its elements are strips, the first begins with target {@code from}
   */
  StripSums(Matrix.Sum s, int sources, Part strips, int from, int to) {
    this.x = (float[]) s.x();
    this.sums = (float[]) s.target();
    this.sources = sources;
    this.from = from;
    this.to = to;
    this.numbers = new int[sources];
    this.factors = new float[sources];
    this.strips = Strips.of(strips, RowSums.strips(to - from));
    this.turned = this.strips.turned();
  }

  @Override
  public void run() {
    int count = Dense.nonzero(x, sources, numbers, factors);
    Vectors.zero(sums, from, from + strips.count() * RowSums.STRIP);
    boolean all = count > MOST * sources;
    if (all) {
      RowSums.addAll(x, sources, strips, sums, from);
    }
    if (!all || (count < sources && Guarded.spoilt(sums, from, to))) {
      RowSums.add(new Picked(numbers, factors, 0, count), strips, sums, from);
    }
    Strips done = strips;
    strips = turned;
    turned = done;
  }
}
