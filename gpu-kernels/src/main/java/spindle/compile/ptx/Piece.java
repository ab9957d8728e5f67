package spindle.compile.ptx;

import java.util.function.Consumer;

/**
 * Work between two barriers.
 *
 * @param elements how many can be worked on at once, {@link #ALONE} where one block must do it
 */
record Piece(int elements, Consumer<Frame> body) {
  static final int ALONE = 0;

  /** Whether one block must do it. */
  boolean isAlone() {
    return elements == ALONE;
  }
}
