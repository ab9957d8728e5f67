package spindle.train.bptt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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

  /**
   * Where the adjoint reads events of some steps, oldest first: as a vector of 0 and 1.
   *
   * @param oldest delay of the first neurons
   * @param youngest delay of the last
   */
  private record Mask(String name, Variable events, int oldest, int youngest, float[] values) {
    static Mask of(String name, Variable events, int oldest, int youngest) {
      int steps = oldest - youngest + 1;
      return new Mask(name, events, oldest, youngest, new float[steps * events.type().length()]);
    }

    void fill(Events[] lists) {
      Arrays.fill(values, 0);
      for (int d = oldest; d >= youngest; d--) {
        int first = (oldest - d) * events.type().length();
        Events list = lists[d - 1];
        for (int k = 0; k < list.count(); k++) {
          values[first + list.indices()[k]] = 1;
        }
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
      int before = masks.size();
      if (v.type().dtype() == DType.EVENTS) {
        masks(v).filter(m -> read.contains(m.name())).forEach(masks::add);
      }
      if (masks.size() > before || read.contains(v.name())) {
        kept.add(v);
      }
    }
    for (int k = 0; k < length; k++) {
      states.add(new Snapshot(kept));
    }
  }

  private static Stream<Mask> masks(Variable events) {
    Mask all = Mask.of(Adjoint.recent(events.name()), events, events.history(), 1);
    Stream<Mask> each =
        IntStream.rangeClosed(1, events.history())
            .mapToObj(d -> Mask.of(Adjoint.mask(events.name(), d), events, d, d));
    return Stream.concat(Stream.of(all), each);
  }

  /** Runs steps {@code [from, to)} and keeps the state before each. */
  void record(Executable forward, int from, int to) {
    first = from;
    for (int step = from; step < to; step++) {
      forward.save(states.get(step - from));
      forward.run(step, 1);
    }
  }

  /** Gives the adjoint the state before a step. */
  void play(Executable back, int step) {
    Snapshot state = states.get(step - first);
    back.restore(state);
    for (Mask m : masks) {
      m.fill(state.events(m.events().name()));
      back.write(m.name(), m.values());
    }
  }

  long bytes() {
    return states.stream().mapToLong(Snapshot::bytes).sum();
  }
}
