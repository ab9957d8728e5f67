package spindle.backend.cpu;

import java.util.Arrays;
import spindle.backend.cpu.Tiles.Part;
import spindle.backend.cpu.Tiles.Picked;
import spindle.compile.Events;
import spindle.compile.TileKernel;

/**
 * The gradient by the weights of a full matrix: per synapse, x at its source times y at its target,
 * summed over the batch. Where few x are not 0, or a y is not finite, rows are added one by one
 * without what is 0; else tiles are multiplied whole, with the same bits.
 */
final class DensePairs {
  private final Dense matrix;
  private final float[] y;
  private final int batch;
  private final float[] byMember;
  private final float[] ones;
  private final float[] marks;

  private final int[] blocks;
  private final Picking picking;
  private final Tiles tiles = new Tiles();

  /**
   * Makes room.
   *
   * @param matrix its weights are the sums
   * @param y {@code batch} elements per target
   */
  DensePairs(Dense matrix, float[] y, int batch) {
    this.matrix = matrix;
    this.y = y;
    this.batch = batch;
    this.byMember = new float[batch * matrix.post()];
    this.ones = new float[batch];
    Arrays.fill(ones, 1);
    this.marks = new float[matrix.pre() * batch];
    this.blocks = new int[matrix.pre() / TileKernel.ROWS + 1];
    this.picking = new Picking(TileKernel.ROWS, batch);
  }

  /** Writes the sums to the matrix. */
  void set(float[] x) {
    Arrays.fill(matrix.w(), 0, matrix.pre() * matrix.post(), 0);
    add(x);
  }

  /** Adds the sums to the matrix, each sum in one piece. */
  void add(float[] x) {
    Tiles.transpose(y, matrix.post(), batch, byMember);
    boolean whole = canBeWhole();
    int dense = 0;
    for (int i = 0; i < matrix.pre(); i += TileKernel.ROWS) {
      int end = Math.min(matrix.pre(), i + TileKernel.ROWS);
      int count = picking.pick(x, i, end);
      if (whole && count > Dense.SPARSE * (end - i) * batch) {
        blocks[dense++] = i;
        continue;
      }
      for (int row = i; row < end && count > 0; row++) {
        addRow(row, picking.of(row - i));
      }
    }
    addBlocks(x, dense);
  }

  /** Adds the sums of the first so many of {@link #blocks}. */
  private void addBlocks(float[] x, int count) {
    int post = matrix.post();
    tiles.add(
        new Part(x, 0, batch, 1),
        new Tiles.Blocks(blocks, count, matrix.pre()),
        new Part(byMember, 0, post, 1),
        post,
        batch,
        new Part(matrix.w(), 0, post, 1));
  }

  /** Adds the sums for events as for what they would mark. */
  void add(Events events) {
    int[] indices = events.indices();
    Tiles.transpose(y, matrix.post(), batch, byMember);
    if (events.count() > Dense.SPARSE * marks.length && canBeWhole()) {
      Arrays.fill(marks, 0);
      for (int e = 0; e < events.count(); e++) {
        marks[indices[e]] = 1;
      }
      int all = (matrix.pre() + TileKernel.ROWS - 1) / TileKernel.ROWS;
      Arrays.setAll(blocks, i -> i * TileKernel.ROWS);
      addBlocks(marks, all);
      return;
    }
    for (int e = 0; e < events.count(); ) {
      int row = indices[e] / batch;
      int from = row * batch;
      int count = 0;
      for (; e < events.count() && indices[e] < from + batch; e++) {
        picking.numbers[count++] = indices[e] - from;
      }
      addRow(row, new Picked(picking.numbers, ones, 0, count));
    }
  }

  /** Whether tiles may be multiplied whole: 0 times what is not finite is not 0. */
  private boolean canBeWhole() {
    return Vectors.isFinite(y, matrix.post() * batch);
  }

  private void addRow(int row, Picked members) {
    int post = matrix.post();
    RowSums.add(members, byMember, post, matrix.w(), row * post);
  }

  /** The elements of some rows of a matrix that are not 0. */
  private static final class Picking {
    private static final int STRIDE = 8;

    private final int width;
    private final int[] ends;
    private final int[] numbers;
    private final float[] factors;

    Picking(int rows, int width) {
      this.width = width;
      this.ends = new int[rows];
      this.numbers = new int[rows * width];
      this.factors = new float[rows * width];
    }

    /** Finds those of rows {@code [from, to)}; how many there are. */
    int pick(float[] x, int from, int to) {
      int count = 0;
      for (int row = from; row < to; row++) {
        int at = row * width;
        int i = 0;
        for (; i + STRIDE <= width; i += STRIDE) {
          if (isAny(x, at + i)) {
            count = pick(x, at, i, i + STRIDE, count);
          }
        }
        count = pick(x, at, i, width, count);
        ends[row - from] = count;
      }
      return count;
    }

    /** Whether one of {@link #STRIDE} elements is not 0: most are, in a train of spikes. */
    private static boolean isAny(float[] x, int at) {
      int low = bits(x, at) | bits(x, at + 1) | bits(x, at + 2) | bits(x, at + 3);
      int high = bits(x, at + 4) | bits(x, at + 5) | bits(x, at + 6) | bits(x, at + 7);
      return (low | high) << 1 != 0; // -0 is 0 as well
    }

    private static int bits(float[] x, int at) {
      return Float.floatToRawIntBits(x[at]);
    }

    private int pick(float[] x, int at, int from, int to, int before) {
      int count = before;
      for (int i = from; i < to; i++) {
        float v = x[at + i];
        if (v != 0) {
          numbers[count] = i;
          factors[count++] = v;
        }
      }
      return count;
    }

    Picked of(int row) {
      return new Picked(numbers, factors, row == 0 ? 0 : ends[row - 1], ends[row]);
    }
  }
}
