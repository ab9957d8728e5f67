package spindle.ir;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A connectivity as scalar expressions that one row loop walks:
 *
 * <pre>
 * for each chunk:
 *   k = 0; cursor = first(row, chunk)
 *   while (cursor &lt; end(row, chunk) and k &lt; limit):
 *     if (accept): visit column with weight; k = k + 1
 *     cursor = next
 * </pre>
 *
 * <p>{@code body} has the i32 parameters {@link #ROW}, {@link #CHUNK}, {@link #K} and {@link
 * #CURSOR} beside its own, and yields {@link #FIRST}, {@link #END}, {@link #COLUMN}, {@link #NEXT}
 * and, where they differ from always, never and one, {@link #ACCEPT}, {@link #LIMIT}, {@link
 * #WEIGHT} and {@link #DELAY}, all as updates. No column occurs twice in a row; weight and delay
 * are functions of row, k and column. What is given rather than computed the body gathers from
 * {@code tables}, which it loads as variables.
 *
 * <p>With delays the matrix multiplies what happened in the last {@code longest} steps: its sources
 * are the presynaptic neurons of each of these steps, oldest first, and a synapse of delay d from
 * neuron i is the one from source {@code (longest - d) * pre + i}. So a spike is felt d steps after
 * it, and sums in ascending order of source begin with the oldest spike.
 *
 * @param name names the rows in a program and its parameters in the arguments
 * @param rows number of rows
 * @param columns number of columns
 * @param chunks number of column chunks, each walked on its own
 * @param byPost false: row = presynaptic neuron; true: row = postsynaptic neuron
 * @param longest the longest delay [steps], 1 where synapses have none of their own
 * @param storage how the matrix is kept
 * @param body scalar program
 * @param tables what the body looks up, by the name of the variable it loads
 */
public record Rows(
    String name,
    int rows,
    int columns,
    int chunks,
    boolean byPost,
    int longest,
    Storage storage,
    Program body,
    Map<String, Table> tables) {
  public static final String ROW = "row";
  public static final String CHUNK = "chunk";
  public static final String K = "k";
  public static final String CURSOR = "cursor";
  public static final String FIRST = "first";
  public static final String END = "end";
  public static final String LIMIT = "limit";
  public static final String COLUMN = "column";
  public static final String ACCEPT = "accept";
  public static final String WEIGHT = "weight";

  /** From spike to arrival [steps], i32, {@code 1 <= delay <= longest}. */
  public static final String DELAY = "delay";

  public static final String NEXT = "next";

  /** How a matrix is kept; never which matrix it is. */
  public enum Storage {
    /** As the backend finds fastest. */
    AUTO,
    /** As compressed sparse rows. */
    STORED,
    /** Not at all: its rows are walked anew whenever they are needed. */
    REGENERATED
  }

  public Rows {
    tables = Collections.unmodifiableMap(new TreeMap<>(tables));
    for (Equation e : body.equations()) {
      Table table = tables.get(e.name());
      if (e.op() == Op.LOAD && (table == null || !table.type().equals(e.type()))) {
        throw new IllegalArgumentException(
            name + ": rows look up " + e.name() + ", " + e.type() + "; got the tables " + tables);
      }
    }
    if (longest < 1) {
      throw new IllegalArgumentException(
          name + ": the longest delay must be >= 1 step, got " + longest);
    }
    if (longest > 1 != yields(body, DELAY)) {
      throw new IllegalArgumentException(
          name + ": rows have delays where the longest is above 1 step, got " + longest);
    }
    int neurons = Math.max(rows, columns);
    if ((long) longest * neurons > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          name + ": " + neurons + " neurons times " + longest + " steps exceed 2^31 - 1");
    }
  }

  /** Rows whose synapses have no delay of their own, without tables. */
  public Rows(
      String name,
      int rows,
      int columns,
      int chunks,
      boolean byPost,
      Storage storage,
      Program body) {
    this(name, rows, columns, chunks, byPost, 1, storage, body, Map.of());
  }

  /** The same rows with another body. */
  public Rows with(Program other) {
    return with(other, longest);
  }

  /** The same rows with a body that has delays. */
  public Rows with(Program other, int longestDelay) {
    return new Rows(name, rows, columns, chunks, byPost, longestDelay, storage, other, tables);
  }

  /** Number of presynaptic neurons. */
  public int pre() {
    return byPost ? columns : rows;
  }

  /** Number of postsynaptic neurons. */
  public int post() {
    return byPost ? rows : columns;
  }

  /** Number of sources: presynaptic neurons, once for each step that a delay may take. */
  public int sources() {
    return longest * pre();
  }

  /** Whether synapses have delays of their own. */
  public boolean delayed() {
    return longest > 1;
  }

  /** Whether each synapse has a weight of its own. */
  public boolean weighted() {
    return yields(body, WEIGHT);
  }

  private static boolean yields(Program body, String output) {
    return body.updates().stream().anyMatch(u -> u.variable().equals(output));
  }
}
