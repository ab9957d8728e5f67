package spindle.compile;

/**
 * The compiled walk along rows whose values and draws have been computed.
 *
 * <p>Row {@code lane} finds its {@code turns} draws at offset {@code lane * turns}. Each method
 * walks rows {@code [lane, lanes)} and returns the first that ran out of draws, with its state in
 * {@code at}, or {@code lanes}. Where {@code at} says so, it goes on inside the first row instead.
 */
interface RowKernel {
  /**
   * In {@code at}: synapses of the row, cursor, columns listed, and whether to go on inside a row.
   */
  int NUMBER = 0;

  int CURSOR = 1;
  int LISTED = 2;
  int RESUME = 3;

  /** In {@code at}: offset of the draws of a row that goes on. */
  int OFFSET = 4;

  /** In {@code at}: turns made. */
  int TURNED = 5;

  /**
   * The cursor with which a row begins.
   *
   * @param values row values, as {@link RowParts#readByWalk} lists them
   */
  int first(int lane, Object[] values);

  /** Adds 1 to {@code target} at each column. */
  int count(int lane, int lanes, int turns, int[] at, Object[] values, Object[] draws, float[] to);

  /** Adds 1 to {@code target} at each column. */
  int count(int lane, int lanes, int turns, int[] at, Object[] values, Object[] draws, double[] to);

  /** Adds 1 to {@code target} at each column. */
  int count(int lane, int lanes, int turns, int[] at, Object[] values, Object[] draws, short[] to);

  /** Lists the columns from place {@code at[LISTED]} on. */
  int list(int lane, int lanes, int turns, int[] at, Object[] values, Object[] draws, int[] to);
}
