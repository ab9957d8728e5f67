package spindle.train.readout;

import java.util.List;

/**
 * The normal equations of a linear readout: sums over samples of all products of units, targets and
 * a constant 1, that is Z'Z with Z = [X, Y, 1].
 *
 * <p>Samples come in blocks of a fixed size. Within a block each sum starts at 0 and runs over the
 * samples in order; the sums of the blocks are added in ascending order. So the bits depend on the
 * samples and the block size alone: blocks may be summed in different places, each into a Gram of
 * its own, and added up afterwards; and the matrix may be divided into parts made in different
 * places.
 */
public final class Gram {
  private final Shape shape;
  private final int first;
  private final Part part;
  private final Tiles tiles;
  private int blocks;
  private long samples;

  /**
   * What two Grams must share to be added.
   *
   * @param units number of units, at least 0
   * @param targets number of targets, at least 0
   * @param blockSize samples per block; the last block may have fewer
   */
  public record Shape(int units, int targets, int blockSize) {
    public Shape {
      if (units < 0 || targets < 0 || (long) units + targets >= 1 << 22) {
        throw new IllegalArgumentException(
            "units + targets must be in [0, 2^22 - 1), got " + units + " + " + targets);
      }
      if (blockSize < 1) {
        throw new IllegalArgumentException("blockSize must be at least 1, got " + blockSize);
      }
    }

    /** Rows of the whole matrix. */
    int size() {
      return units + targets + 1;
    }
  }

  /** One of several equal parts of the matrix: a run of its tiles. */
  public record Part(int index, int of) {
    /** The matrix in one piece. */
    public static final Part WHOLE = new Part(0, 1);

    public Part {
      if (of < 1 || index < 0 || index >= of) {
        throw new IllegalArgumentException("part must be in [0, " + of + "), got " + index);
      }
    }

    private int from(Shape shape) {
      return (int) ((long) Tiles.count(shape.size()) * index / of);
    }

    private int to(Shape shape) {
      return (int) ((long) Tiles.count(shape.size()) * (index + 1) / of);
    }
  }

  /** All sums zero, before the first block. */
  public Gram(Shape shape) {
    this(shape, 0, Part.WHOLE);
  }

  /**
   * All sums zero.
   *
   * @param first number of the block that will be added first
   */
  public Gram(Shape shape, int first, Part part) {
    if (first < 0) {
      throw new IllegalArgumentException("first block must be at least 0, got " + first);
    }
    this.shape = shape;
    this.first = first;
    this.part = part;
    tiles = new Tiles(shape.size());
    for (int t = from(); t < to(); t++) {
      tiles.put(t, tiles.zero(t));
    }
  }

  /** A Gram read back or joined; the tiles are not copied. */
  private Gram(Gram like, Part part, Tiles tiles) {
    shape = like.shape;
    first = like.first;
    this.part = part;
    this.tiles = tiles;
    blocks = like.blocks;
    samples = like.samples;
  }

  /**
   * Adds the next block.
   *
   * @param x activity of the units, at most {@code blockSize} samples
   * @param y targets of the same samples
   * @throws IllegalArgumentException if a size does not fit
   * @throws IllegalStateException if the block before had fewer than {@code blockSize} samples
   */
  public void add(Features x, Features y) {
    check("units", shape.units, x.units());
    check("targets", shape.targets, y.units());
    check("samples of targets", x.samples(), y.samples());
    if (x.samples() < 1 || x.samples() > shape.blockSize) {
      throw new IllegalArgumentException(
          "a block must have 1 to " + shape.blockSize + " samples, got " + x.samples());
    }
    checkFull();
    Panels panels = new Panels(new WithOne(x, y));
    for (int t = from(); t < to(); t++) {
      int j = Tiles.column(t);
      double[][] sums = tiles.zero(t);
      panels.addProducts(sums, t - Tiles.index(0, j), j);
      add(tiles.tile(t), sums);
    }
    blocks++;
    samples += x.samples();
  }

  /**
   * Adds the next block, summed elsewhere.
   *
   * @throws IllegalArgumentException if it is another block than the next, more than one, or of
   *     another shape or part
   * @throws IllegalStateException if the block before had fewer than {@code blockSize} samples
   */
  public void add(Gram next) {
    if (!next.shape.equals(shape) || !next.part.equals(part)) {
      throw new IllegalArgumentException(
          "cannot add " + next.shape + ", " + next.part + " to " + shape + ", " + part);
    }
    // One block at a time: sums over several would be rounded in another order.
    check("blocks of what is added", 1, next.blocks);
    check("block number", first + blocks, next.first);
    checkFull();
    for (int t = from(); t < to(); t++) {
      add(tiles.tile(t), next.tiles.tile(t));
    }
    blocks++;
    samples += next.samples;
  }

  /**
   * The whole matrix from all its parts, in order; it shares their memory.
   *
   * @throws IllegalArgumentException if a part is missing or has other samples
   */
  public static Gram join(List<Gram> parts) {
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("cannot join no parts");
    }
    Gram head = parts.get(0);
    Tiles tiles = new Tiles(head.shape.size());
    for (int p = 0; p < parts.size(); p++) {
      Gram g = parts.get(p);
      Part expected = new Part(p, parts.size());
      if (!g.part.equals(expected) || !g.sameSamples(head)) {
        throw new IllegalArgumentException("cannot join " + g + " as " + expected + " to " + head);
      }
      for (int t = g.from(); t < g.to(); t++) {
        tiles.put(t, g.tiles.tile(t));
      }
    }
    return new Gram(head, Part.WHOLE, tiles);
  }

  private boolean sameSamples(Gram g) {
    return shape.equals(g.shape) && first == g.first && blocks == g.blocks && samples == g.samples;
  }

  private static void add(double[][] tile, double[][] more) {
    for (int r = 0; r < tile.length; r++) {
      double[] sum = tile[r];
      double[] term = more[r];
      for (int c = 0; c < sum.length; c++) {
        sum[c] += term[c];
      }
    }
  }

  private static void check(String what, int expected, int found) {
    if (expected != found) {
      throw new IllegalArgumentException(what + " must be " + expected + ", got " + found);
    }
  }

  private void checkFull() {
    if (samples != (long) blocks * shape.blockSize) {
      throw new IllegalStateException(
          "only the last block may have fewer than "
              + (shape.blockSize + " samples: " + this + " is complete"));
    }
  }

  /** What it was made for. */
  public Shape shape() {
    return shape;
  }

  /** Number of the first block. */
  public int first() {
    return first;
  }

  /** Number of blocks added. */
  public int blocks() {
    return blocks;
  }

  /** Number of samples added. */
  public long samples() {
    return samples;
  }

  /** Which part of the matrix it holds. */
  public Part part() {
    return part;
  }

  /** All rows: units, then targets, then the constant; only the tiles of this part are there. */
  Tiles tiles() {
    return tiles;
  }

  int from() {
    return part.from(shape);
  }

  int to() {
    return part.to(shape);
  }

  /** Says how much the tiles, filled from outside, stand for. */
  void restore(int blocks, long samples) {
    this.blocks = blocks;
    this.samples = samples;
  }

  @Override
  public String toString() {
    return "Gram of "
        + samples
        + " samples in "
        + blocks
        + " blocks from "
        + first
        + ", "
        + shape
        + ", "
        + part;
  }

  /** A sample, its targets and a 1. */
  private record WithOne(Features x, Features y) implements Features {
    @Override
    public int samples() {
      return x.samples();
    }

    @Override
    public int units() {
      return x.units() + y.units() + 1;
    }

    @Override
    public void read(int sample, double[] row, int at) {
      x.read(sample, row, at);
      y.read(sample, row, at + x.units());
      row[at + x.units() + y.units()] = 1;
    }
  }
}
