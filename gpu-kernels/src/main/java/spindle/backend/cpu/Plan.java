package spindle.backend.cpu;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import spindle.compile.Constants;
import spindle.compile.Events;
import spindle.compile.Layout;
import spindle.compile.Mode;
import spindle.compile.Schedule;
import spindle.compile.Stage;
import spindle.ir.Program;

/**
 * A scheduled program with its memory; the warm step allocates nothing.
 *
 * @param rehearsals of the loops that are slow until they are compiled
 */
record Plan(Layout layout, Memory memory, Work[] work, List<Rehearsal> rehearsals) {
  /** What is run how, and with what. */
  record Order(Program lowered, Map<String, Double> arguments, Mode mode) {}

  /**
   * @param counted rows that count events in 16 bits
   */
  static Plan of(Order order, Shared shared, Set<String> counted) {
    Program lowered = order.lowered();
    Schedule schedule = Schedule.of(lowered, order.mode(), counted);
    Layout layout = schedule.layout();
    Memory memory = Memory.of(layout, shared.team().size(), shared.byTarget());
    Constants constants = Constants.of(lowered, order.arguments());
    layout
        .slots()
        .forEach(
            (place, slot) -> {
              if (constants.known()[place]) {
                memory.scalars()[slot] = constants.values()[place];
              }
            });
    var compiler = new StageCompiler(memory, layout, shared);
    var work = new ArrayList<Work>();
    for (Stage stage : schedule.stages()) {
      work.add(compiler.work(stage));
    }
    return new Plan(layout, memory, work.toArray(new Work[0]), compiler.rehearsals());
  }

  void run(int step) {
    memory.scalars()[Layout.TIME_SLOT] = step;
    for (Events list : memory.events()) {
      list.clear();
    }
    for (Work w : work) {
      w.run(step);
    }
  }

  /** Whether no loop is slow any more, as far as is known; leaves the memory alone. */
  boolean isKnown() {
    boolean known = true;
    for (Rehearsal r : rehearsals) {
      known &= r.isKnown();
    }
    return known;
  }

  /** Rehearses loops that are still slow, which spoils the state; whether none is left. */
  boolean isReady() {
    boolean ready = true;
    for (Rehearsal r : rehearsals) {
      ready &= r.isReady(memory);
    }
    return ready;
  }

  /** Memory held [B]. */
  long bytes() {
    long sums = 0;
    for (Work w : work) {
      sums += w instanceof Arrivals a ? a.bytes() : 0;
    }
    return memory.bytes() + sums;
  }

  /** Takes over the state of another plan of the same program between two steps. */
  void take(Plan other) {
    layout.variables().forEach((v, to) -> copy(other, other.layout.variables().get(v), to));
    layout
        .scalarVariables()
        .forEach(
            (v, to) ->
                memory.scalars()[to] =
                    other.memory.scalars()[other.layout.scalarVariables().get(v)]);
  }

  private void copy(Plan other, int from, int to) {
    Object array = memory.arrays()[to];
    System.arraycopy(other.memory.arrays()[from], 0, array, 0, Array.getLength(array));
  }
}
