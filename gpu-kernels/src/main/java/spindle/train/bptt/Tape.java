package spindle.train.bptt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import spindle.backend.Executable;
import spindle.backend.Snapshot;
import spindle.compile.Events;
import spindle.grad.Adjoint;
import spindle.ir.DType;
import spindle.ir.Variable;

/** The states of consecutive steps, each as the adjoint of its step reads it. */
final class Tape {
  private final List<Snapshot> states = new ArrayList<>();
  private final List<Mask> masks = new ArrayList<>();
  private int first;

  /** Where the adjoint reads the events of a variable some steps ago: as a vector of 0 and 1. */
  private record Mask(String name, String events, int delay, float[] values) {
    void fill(Events list) {
      Arrays.fill(values, 0);
      for (int k = 0; k < list.count(); k++) {
        values[list.indices()[k]] = 1;
      }
    }
  }

  /**
   * @param moved variables that steps update
   * @param length most steps at a time
   */
  Tape(List<Variable> moved, Adjoint adjoint, int length) {
    Set<String> read = Set.copyOf(adjoint.state().stream().map(Variable::name).toList());
    var kept = new ArrayList<Variable>();
    for (Variable v : moved) {
      boolean events = v.type().dtype() == DType.EVENTS;
      boolean masked = false;
      for (int d = 1; events && d <= v.history(); d++) {
        String mask = Adjoint.mask(v.name(), d);
        if (read.contains(mask)) {
          masks.add(new Mask(mask, v.name(), d, new float[v.type().length()]));
          masked = true;
        }
      }
      if (masked || read.contains(v.name())) {
        kept.add(v);
      }
    }
    for (int k = 0; k < length; k++) {
      states.add(new Snapshot(kept));
    }
  }

  /** Runs steps {@code [from, to)} and keeps the state before each. */
  void record(Executable forward, int from, int to) {
    first = from;
    for (int step = from; step < to; step++) {
      forward.save(states.get(step - from), step);
      forward.run(step, 1);
    }
  }

  /** Gives the adjoint the state before a step. */
  void play(Executable back, int step) {
    Snapshot state = states.get(step - first);
    back.restore(state, step);
    for (Mask m : masks) {
      m.fill(state.events(m.events())[m.delay() - 1]);
      back.write(m.name(), m.values());
    }
  }

  long bytes() {
    return states.stream().mapToLong(Snapshot::bytes).sum();
  }
}
