package spindle.compile.ptx;

import java.util.function.Consumer;

/**
 * Work between two barriers.
 *
 * @param elements how many can be worked on at once, {@link #ALONE} where one block must do it
 */
record Piece(int elements, Kind kind, Consumer<Frame> body) {
  static final int ALONE = 0;

  /** What others may do at the same time. */
  enum Kind {
    /** Adds ones to targets, and changes nothing else. */
    COUNTS,
    /** Makes lists of events. */
    COLLECTS,
    OTHER
  }

  /** Whether one block must do it. */
  boolean isAlone() {
    return elements == ALONE;
  }

  /** The same after something else, with no barrier between. */
  Piece after(Consumer<Frame> other) {
    return new Piece(elements, kind, other.andThen(body));
  }

  /** The same before something else, with no barrier between. */
  Piece and(int others, Consumer<Frame> other) {
    return new Piece(Math.max(elements, others), kind, body.andThen(other));
  }
}
