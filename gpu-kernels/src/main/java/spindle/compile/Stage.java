package spindle.compile;

import java.util.List;

/** One piece of work of a step; array numbers and slots as in {@link Layout}. */
public sealed interface Stage {
  /**
   * Adds the events that a variable held some steps ago to a vector, through rows.
   *
   * @param events variable of the events, or empty when {@code list} holds them
   * @param delay how many steps ago
   * @param list array of {@link Events} collected in this step, or -1
   * @param target array that receives
   * @param clears whether it must be set to 0 first
   */
  record Deliver(String rows, String events, int delay, int list, int target, boolean clears)
      implements Stage {}

  /**
   * Lists the events of a range, renumbered from 0.
   *
   * @param events variable of the events, or empty when {@code list} holds them
   * @param from first neuron of the range
   * @param to neuron behind the last
   * @param target array of {@link Events} that receives
   */
  record Slice(String events, int delay, int list, int from, int to, int target) implements Stage {}

  /** Runs loops over vectors of one length, or one scalar pass; blocks stay in cache. */
  record Loops(int length, Mode mode, List<Loop> loops) implements Stage {}

  /** Lists the indices where a mask is set. */
  record Collect(int mask, int events) implements Stage {}

  /** Sums a vector into a scalar slot. */
  record Total(int vector, int slot) implements Stage {}

  /** Holds 0, 1, 2, ... */
  record Numbering(int target) implements Stage {}

  /** Reads elements of a vector at computed indices. */
  record Pick(int vector, int index, int target) implements Stage {}

  /** Copies a vector at the end of a step. */
  record Copy(int from, int to) implements Stage {}

  /** Copies a scalar at the end of a step. */
  record CopySlot(int from, int to) implements Stage {}

  /** Keeps events for later steps. */
  record Keep(int events, String variable) implements Stage {}
}
