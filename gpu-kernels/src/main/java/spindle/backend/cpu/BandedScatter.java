package spindle.backend.cpu;

import java.util.Arrays;
import spindle.compile.Jvm;
import spindle.compile.RowVisitor;

/**
 * Adds rows to the targets of a large batch in float32, a band of rows at a time: its synapses are
 * sorted by target, so that sums stay in registers while what the sources give stays in the cache,
 * and rows are walked once for all members. Each sum is added up in the order of the rows, as
 * everywhere.
 */
final class BandedScatter implements RowVisitor {
  /** Members of a batch that repay the sorting; half as many do where there are many sums. */
  private static final int BATCH = 128;

  /** Sums that outgrow the L2 cache. */
  private static final int MANY = 1 << 19;

  /** Members that go along a band together: their vectors are what registers hold. */
  private static final int GROUP = 64;

  /** Synapses per target that make a band: it reads and writes each sum once. */
  private static final int FULL = 16;

  /** A band of fewer synapses per target is not sorted: most of its targets would have none. */
  private static final int SPARSE = 4;

  /** Rows that make a band, however few synapses they have. */
  private static final int ROWS = 4096;

  private final float[] x;
  private final float[] target;
  private final int batch;

  private final RowVisitor scatter;

  /** The band as its rows came: row r has number {@code numbers[r]} and ends at {@code ends[r]}. */
  private int rows;

  private int[] numbers = new int[0];
  private int[] ends = new int[0];
  private int[] columns = new int[0];
  private float[] weights = new float[0];
  private boolean weighted;

  /** Targets lie in {@code [low, high)}. */
  private int low = Integer.MAX_VALUE;

  private int high;

  /** Where the next synapse of target {@code low + j} goes, at last where its synapses end. */
  private int[] places = new int[0];

  /** Rows of the band, target by target, and their weights. */
  private int[] sources = new int[0];

  private float[] sorted = new float[0];

  /** What the rows give to some members, row by row. */
  private float[] given = new float[0];

  /** target[column] += weight * x[row] for every member. */
  BandedScatter(float[] x, float[] target, int batch) {
    this.x = x;
    this.target = target;
    this.batch = batch;
    this.scatter = FloatSums.scatter(x, target, batch);
  }

  /** Whether sorting is faster; without vectors it is faster to add rows as they come. */
  static boolean serves(int batch, int sums) {
    return batch >= (sums < MANY ? BATCH : BATCH / 2) && Jvm.hasVectors();
  }

  /** Forgets rows of a walk that did not end. */
  void clear() {
    rows = 0;
    low = Integer.MAX_VALUE;
    high = 0;
  }

  /** Where the synapses of a row of the band begin. */
  private int start(int r) {
    return r == 0 ? 0 : ends[r - 1];
  }

  private int count() {
    return start(rows);
  }

  @Override
  public void row(int row, int[] own, int from, int to, Object w, int first) {
    if (from == to) {
      return;
    }
    int begin = count();
    int end = begin + to - from;
    weighted = w != null;
    reserve(end);
    System.arraycopy(own, from, columns, begin, to - from);
    if (weighted) {
      System.arraycopy(w, first, weights, begin, to - from);
    }
    for (int k = begin; k < end; k++) {
      low = Math.min(low, columns[k]);
      high = Math.max(high, columns[k] + 1);
    }
    numbers[rows] = row;
    ends[rows++] = end;
    if (rows == ROWS || end >= (long) FULL * (high - low)) {
      finish();
    }
  }

  private void reserve(int count) {
    if (rows == ends.length) {
      numbers = Arrays.copyOf(numbers, Math.max(FULL, 2 * rows));
      ends = Arrays.copyOf(ends, numbers.length);
    }
    if (count > columns.length) {
      columns = Arrays.copyOf(columns, Math.max(count, 2 * columns.length));
    }
    if (weighted && weights.length < columns.length) {
      weights = Arrays.copyOf(weights, columns.length);
    }
  }

  /** Adds the rows that are left. */
  void finish() {
    if (rows == 0) {
      return;
    }
    if (count() < (long) SPARSE * (high - low)) {
      for (int r = 0; r < rows; r++) {
        int from = start(r);
        scatter.row(numbers[r], columns, from, ends[r], weighted ? weights : null, from);
      }
    } else {
      sort();
      for (int member = 0; member < batch; member += GROUP) {
        add(member, Math.min(GROUP, batch - member));
      }
    }
    clear();
  }

  /** Counts the synapses of each target, and puts them where its own begin. */
  private void sort() {
    if (places.length <= high - low) {
      places = new int[high - low + 1];
    }
    if (sources.length < columns.length) {
      sources = new int[columns.length];
    }
    if (weighted && sorted.length < columns.length) {
      sorted = new float[columns.length];
    }
    Arrays.fill(places, 0, high - low + 1, 0);
    int count = count();
    for (int k = 0; k < count; k++) {
      places[columns[k] - low + 1]++;
    }
    for (int j = 0; j < high - low; j++) {
      places[j + 1] += places[j];
    }
    for (int r = 0; r < rows; r++) {
      place(r);
    }
  }

  private void place(int r) {
    for (int k = start(r); k < ends[r]; k++) {
      int place = places[columns[k] - low]++;
      sources[place] = r;
      if (weighted) {
        sorted[place] = weights[k];
      }
    }
  }

  /** Adds the band for some members; {@code places} are behind the synapses of each target. */
  private void add(int member, int members) {
    if (given.length < rows * members) {
      given = new float[rows * members];
    }
    for (int r = 0; r < rows; r++) {
      System.arraycopy(x, numbers[r] * batch + member, given, r * members, members);
    }
    float[] w = weighted ? sorted : null;
    int from = 0;
    for (int j = low; j < high; j++) {
      int to = places[j - low];
      FloatSums.sums(sources, from, to, w, from, given, target, j * batch + member, members);
      from = to;
    }
  }
}
