package spindle.train.bptt;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import spindle.backend.Executable;
import spindle.backend.Snapshot;
import spindle.grad.Recorded;
import spindle.ir.Variable;

/** Of consecutive steps, the state before and the values kept, as the adjoint reads them. */
final class Tape {
  private final List<Snapshot> states = new ArrayList<>();
  private final List<Snapshot> results = new ArrayList<>();
  private int first;

  /**
   * Makes room.
   *
   * @param moved variables that steps update
   * @param length most steps at a time
   */
  Tape(List<Variable> moved, Recorded recorded, int length) {
    List<Variable> read = moved.stream().filter(recorded.adjoint().state()::contains).toList();
    for (int k = 0; k < length; k++) {
      states.add(new Snapshot(read));
      results.add(new Snapshot(recorded.kept()));
    }
  }

  /** Runs steps {@code [from, to)} and keeps what the adjoint reads of each. */
  void record(Executable forward, int from, int to) {
    first = from;
    for (int step = from; step < to; step++) {
      forward.save(states.get(step - from));
      forward.run(step, 1);
      forward.save(results.get(step - from));
    }
  }

  /** Gives the adjoint what it reads of a step. */
  void play(Executable back, int step) {
    back.restore(states.get(step - first));
    back.restore(results.get(step - first));
  }

  /** Memory held [B]. */
  long bytes() {
    return Stream.concat(states.stream(), results.stream()).mapToLong(Snapshot::bytes).sum();
  }
}
