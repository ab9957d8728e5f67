package spindle.compile;

/** Is shown the columns of rows that take their turns together, a lane each. */
interface LaneVisitor {
  /** A lane begins a row. */
  default void begin(int lane, int row) {}

  /** The row of a lane goes on in another one. */
  default void move(int lane, int to) {}

  /** The row of a lane has ended. */
  default void end(int lane) {}

  /**
   * A turn of each lane.
   *
   * @param columns of each lane, those below {@code end} count
   */
  void turn(int[] columns, int lanes, int end);

  /** Lanes {@code [from, to)} of such a turn have no row any more. */
  default void leave(int[] columns, int from, int to) {}

  /** target[row] += x[column], in the order of the row's columns. */
  static LaneVisitor gather(float[] x, float[] target, int lanes) {
    var rows = new int[lanes];
    var sums = new float[lanes];
    return new LaneVisitor() {
      @Override
      public void begin(int lane, int row) {
        rows[lane] = row;
        sums[lane] = target[row];
      }

      @Override
      public void move(int lane, int to) {
        rows[to] = rows[lane];
        sums[to] = sums[lane];
      }

      @Override
      public void end(int lane) {
        target[rows[lane]] = sums[lane];
      }

      @Override
      public void turn(int[] columns, int count, int end) {
        for (int lane = 0; lane < count; lane++) {
          if (columns[lane] < end) {
            sums[lane] += x[columns[lane]];
          }
        }
      }
    };
  }
}
