package spindle.ir;

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
 * and, where they differ from always, never and one, {@link #ACCEPT}, {@link #LIMIT} and {@link
 * #WEIGHT}, all as updates. No column occurs twice in a row; a weight is a function of row, k and
 * column.
 *
 * @param name names the rows in a program and its parameters in the arguments
 * @param rows number of rows
 * @param columns number of columns
 * @param chunks number of column chunks, each walked on its own
 * @param byPost false: row = presynaptic neuron; true: row = postsynaptic neuron
 * @param storage how the matrix is kept
 * @param body scalar program
 */
public record Rows(
    String name, int rows, int columns, int chunks, boolean byPost, Storage storage, Program body) {
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

  /** The same rows with another body. */
  public Rows with(Program other) {
    return new Rows(name, rows, columns, chunks, byPost, storage, other);
  }

  /** Number of presynaptic neurons. */
  public int pre() {
    return byPost ? columns : rows;
  }

  /** Number of postsynaptic neurons. */
  public int post() {
    return byPost ? rows : columns;
  }

  /** Whether each synapse has a weight of its own. */
  public boolean weighted() {
    return body.updates().stream().anyMatch(u -> u.variable().equals(WEIGHT));
  }
}
