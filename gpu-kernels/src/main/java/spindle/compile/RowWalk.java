package spindle.compile;

/** Something prepared that is done along rows; used by one thread at a time. */
@FunctionalInterface
public interface RowWalk {
  /**
   * Walks one column chunk of rows {@code wanted[from]} to {@code wanted[to - 1]}.
   *
   * @param wanted numbers of rows, each at most once
   */
  void walk(int[] wanted, int from, int to, int chunk);
}
