package spindle.compile;

import java.util.List;
import spindle.ir.Direction;

/** One piece of work of a step; array numbers and slots as in {@link Layout}, -1 for none. */
public sealed interface Stage {
  /**
   * Where events are found.
   *
   * @param variable variable that kept them, or empty when {@code list} holds them
   * @param delay how many steps ago
   * @param list array of {@link Events} collected in this step, or -1
   */
  record Source(String variable, int delay, int list) {}

  /**
   * Adds events to a vector, through rows.
   *
   * @param weights array of weights by synapse, or -1 for the rows' own
   * @param target array that receives
   * @param batch events and targets per neuron
   * @param clears whether the target must be set to 0 first
   */
  record Deliver(String rows, Source source, int weights, int target, int batch, boolean clears)
      implements Stage {}

  /**
   * Adds recent events to a vector, through rows with delays of their own.
   *
   * @param recent events of as many steps as the longest delay
   * @param target array that receives
   * @param batch events and targets per neuron
   */
  record Arrive(String rows, Recent recent, int target, int batch) implements Stage {}

  /** Lists the events of several steps, oldest first. */
  record Remember(Recent recent, int target) implements Stage {}

  /**
   * The events of neurons {@code [from, to)} in the last steps.
   *
   * @param variable that remembers them
   */
  record Recent(String variable, int steps, int from, int to) {}

  /**
   * Multiplies a vector by rows.
   *
   * @param batch elements per neuron
   */
  record Multiply(String rows, Direction direction, Operands operands, int target, int batch)
      implements Stage {}

  /**
   * What a product reads.
   *
   * @param weights array of weights by synapse, or -1 for the rows' own
   * @param mask array that is 0 where nobody reads the result, or -1
   */
  record Operands(int vector, int weights, int mask) {}

  /**
   * Multiplies the two ends of every synapse and sums over a batch.
   *
   * @param marks what {@code pre} marks, where it is events: one or none
   * @param into array that the sums are added to, -1: they stay in {@code target}
   */
  record Pair(String rows, List<Mark> marks, int pre, int post, int target, int into, int batch)
      implements Stage {
    /** The same without its marks. */
    Pair alone() {
      return new Pair(rows, List.of(), pre, post, target, into, batch);
    }

    /** The same with the sums added to an array. */
    Pair addedTo(int array) {
      return new Pair(rows, marks, pre, post, target, array, batch);
    }
  }

  /**
   * Lists the events of a range, renumbered from 0.
   *
   * @param from first neuron of the range
   * @param to neuron behind the last
   * @param target array of {@link Events} that receives
   */
  record Slice(Source source, int from, int to, int target) implements Stage {}

  /** Writes 1 where an event is, else 0. */
  record Mark(Source source, int target) implements Stage {}

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

  /** Adds the elements of a vector at computed indices of zeros. */
  record Scatter(int vector, int index, int target) implements Stage {}

  /** Puts a vector at an offset among zeros. */
  record Pad(int vector, int offset, int target) implements Stage {}

  /** Copies a vector at the end of a step. */
  record Copy(int from, int to) implements Stage {}

  /** Copies a scalar at the end of a step. */
  record CopySlot(int from, int to) implements Stage {}

  /** Keeps events for later steps. */
  record Keep(int events, String variable) implements Stage {}
}
