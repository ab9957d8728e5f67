package spindle.connect;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import spindle.ir.Expr;
import spindle.ir.Rows;
import spindle.ir.Table;

/**
 * Synapses that are given: compressed sparse rows by presynaptic neuron.
 *
 * <p>Regenerated storage reads these arrays in place; any other keeps a copy, of 2 bytes per
 * synapse where that suffices.
 *
 * @param post number of postsynaptic neurons
 * @param indptr number of the first synapse of each presynaptic neuron, and the total
 * @param indices postsynaptic neuron of each synapse, ascending within each row
 * @param weights weight of each synapse, or none where all are 1
 */
public record Csr(int post, Table indptr, Table indices, Table weights) implements Connectivity {
  public Csr {
    Connectivity.requireSizes(0, post);
    int[] begin = integers("indptr", indptr);
    int[] columns = integers("indices", indices);
    requireStarts(begin, columns.length);
    for (int i = 0; i + 1 < begin.length; i++) {
      requireColumns(i, Arrays.copyOfRange(columns, begin[i], begin[i + 1]), post);
    }
    if (!(weights.shared() instanceof float[] w)) {
      throw new IllegalArgumentException("weights must be f32, got " + weights.type());
    }
    requireWeights(w, w.length == 0 ? 0 : columns.length);
  }

  /**
   * Synapses as pairs of neurons in any order; no pair twice.
   *
   * @param pre presynaptic neuron of each
   * @param post postsynaptic neuron of each
   * @param weights weight of each, or none where all are 1
   */
  public record Pairs(int[] pre, int[] post, float[] weights) {
    public Pairs {
      if (pre.length != post.length) {
        throw new IllegalArgumentException(
            "as many pre as post, got " + pre.length + " and " + post.length);
      }
      requireWeights(weights, weights.length == 0 ? 0 : pre.length);
    }

    /** Synapses of weight 1. */
    public Pairs(int[] pre, int[] post) {
      this(pre, post, new float[0]);
    }
  }

  /**
   * Synapses of weight 1, from arrays that are copied.
   *
   * @throws IllegalArgumentException naming the place, the value and the rule
   */
  public static Csr of(int post, int[] indptr, int[] indices) {
    return new Csr(post, Table.of(indptr), Table.of(indices), Table.of(new float[0]));
  }

  /**
   * Synapses with weights, from arrays that are copied.
   *
   * @throws IllegalArgumentException naming the place, the value and the rule
   */
  public static Csr of(int post, int[] indptr, int[] indices, float[] weights) {
    requireWeights(weights, indices.length);
    return new Csr(post, Table.of(indptr), Table.of(indices), Table.of(weights));
  }

  /**
   * Sorts pairs into rows.
   *
   * @param pre number of presynaptic neurons
   * @param post number of postsynaptic neurons
   * @throws IllegalArgumentException naming the pair, the value and the rule
   */
  public static Csr of(int pre, int post, Pairs pairs) {
    Connectivity.requireSizes(pre, post);
    requireRows(pre);
    requireIn("post", pairs.post, post);
    requireIn("pre", pairs.pre, pre);
    int[] indptr = starts(pairs.pre, pre);
    long[] order = sorted(pairs, indptr);
    var indices = new int[order.length];
    var weights = new float[pairs.weights.length];
    for (int k = 0; k < order.length; k++) {
      indices[k] = (int) (order[k] >>> Integer.SIZE);
      if (weights.length > 0) {
        weights[k] = pairs.weights[(int) order[k]];
      }
    }
    return new Csr(post, Table.of(indptr), Table.of(indices), Table.of(weights));
  }

  private static void requireRows(int pre) {
    if (pre > LONGEST) {
      throw new IllegalArgumentException(
          "pre must be at most %d, as an array has the first synapse of each, got %d"
              .formatted(LONGEST, pre));
    }
    Connectivity.requireMemory(
        "rows of %d presynaptic neurons take".formatted(pre),
        4.0 * pre,
        "number only neurons that have synapses");
  }

  private static void requireIn(String side, int[] neurons, int size) {
    for (int k = 0; k < neurons.length; k++) {
      if (neurons[k] < 0 || neurons[k] >= size) {
        throw new IllegalArgumentException(
            "pair %d: %s must be in [0, %d), got %d".formatted(k, side, size, neurons[k]));
      }
    }
  }

  /** Where the pairs of each neuron begin when they are sorted by it. */
  private static int[] starts(int[] neurons, int size) {
    var starts = new int[size + 1];
    for (int i : neurons) {
      starts[i + 1]++;
    }
    for (int i = 0; i < size; i++) {
      starts[i + 1] += starts[i];
    }
    return starts;
  }

  /** Row by row, the column of each pair in the upper half and its number in the lower one. */
  private static long[] sorted(Pairs pairs, int[] indptr) {
    int[] next = Arrays.copyOf(indptr, indptr.length - 1);
    var sorted = new long[pairs.pre.length];
    for (int k = 0; k < sorted.length; k++) {
      sorted[next[pairs.pre[k]]++] = (long) pairs.post[k] << Integer.SIZE | k;
    }
    for (int i = 0; i + 1 < indptr.length; i++) {
      Arrays.sort(sorted, indptr[i], indptr[i + 1]);
    }
    return sorted;
  }

  /** In numbers only: the arrays may be long. */
  @Override
  public String toString() {
    String weighted = weights.length() == 0 ? "" : " with weights";
    return "Csr[%d x %d, %d synapses%s]".formatted(pre(), post, indices.length(), weighted);
  }

  /** The same synapses of weight 1. */
  public Csr unweighted() {
    return new Csr(post, indptr, indices, Table.of(new float[0]));
  }

  private static int[] integers(String name, Table table) {
    if (table.shared() instanceof int[] values) {
      return values;
    }
    throw new IllegalArgumentException(name + " must be i32, got " + table.type());
  }

  private static void requireStarts(int[] indptr, int synapses) {
    if (indptr.length < 1 || indptr[0] != 0 || indptr[indptr.length - 1] != synapses) {
      throw new IllegalArgumentException(
          "indptr must go from 0 to the number of indices, "
              + synapses
              + ", got "
              + (indptr.length == 0 ? "nothing" : indptr[0] + " to " + indptr[indptr.length - 1]));
    }
    for (int i = 0; i + 1 < indptr.length; i++) {
      if (indptr[i + 1] < indptr[i]) {
        throw new IllegalArgumentException(
            "indptr must not descend: [%d] is %d, [%d] is %d"
                .formatted(i, indptr[i], i + 1, indptr[i + 1]));
      }
    }
  }

  private static void requireColumns(int row, int[] columns, int post) {
    for (int k = 0; k < columns.length; k++) {
      int j = columns[k];
      if (j < 0 || j >= post) {
        throw new IllegalArgumentException(
            "row %d: indices must be in [0, %d), got %d".formatted(row, post, j));
      }
      if (k > 0 && j <= columns[k - 1]) {
        throw new IllegalArgumentException(
            (j == columns[k - 1]
                    ? "row %d: column %d comes twice; add up what such synapses weigh"
                    : "row %d: indices must ascend, %d comes late; sort them, or give them as Pairs")
                .formatted(row, j));
      }
    }
  }

  private static void requireWeights(float[] weights, int synapses) {
    if (weights.length != synapses) {
      throw new IllegalArgumentException(
          "one weight for each of " + synapses + " synapses, got " + weights.length);
    }
    for (int k = 0; k < synapses; k++) {
      if (!Float.isFinite(weights[k])) {
        throw new IllegalArgumentException("weight " + k + " must be finite, got " + weights[k]);
      }
    }
  }

  @Override
  public int pre() {
    return indptr.length() - 1;
  }

  @Override
  public Rows rows(String name, Rows.Storage storage) {
    var t = new RowTrace(name, "csr");
    Expr first = t.lookUp("indptr", indptr, t.row());
    Expr last = t.integer(Math.max(0, indices.length() - 1));
    t.output(Rows.FIRST, first)
        .output(Rows.END, t.lookUp("indptr", indptr, t.row().plus(1)))
        .output(Rows.COLUMN, t.lookUp("indices", columns(), t.cursor().min(last)))
        .output(Rows.NEXT, t.cursor().plus(1));
    var tables = new TreeMap<>(Map.of("indptr", indptr, "indices", columns()));
    if (weights.length() > 0) {
      // Rows are drawn beyond their ends, so that a place may lie behind the last synapse.
      t.output(Rows.WEIGHT, t.lookUp("weights", weights, first.plus(t.k()).min(last)));
      tables.put("weights", weights);
    }
    // Memory holds the rows anyway: nothing is saved by walking them slowly.
    Rows.Storage kept = storage == Rows.Storage.AUTO ? Rows.Storage.STORED : storage;
    return new Rows(name, pre(), post, 1, false, 1, kept, t.finish(), tables);
  }

  /** The indices; where there are none, one that nobody visits but a place can be read. */
  private Table columns() {
    return indices.length() == 0 ? Table.of(new int[1]) : indices;
  }

  @Override
  public Map<String, Double> arguments(String name, long seed) {
    return Map.of();
  }

  @Override
  public double expectedSynapses() {
    return indices.length();
  }
}
