package spindle.backend.cpu;

import spindle.compile.Events;
import spindle.ir.Variable;

/** The events of the last steps, as far back as any delay reaches. */
final class EventRing {
  private final Events[] slots;

  EventRing(Variable v) {
    slots = new Events[v.history() + 1];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = new Events(v.type().length());
    }
  }

  /** The events {@code delay} steps before {@code step}. */
  Events at(int step, int delay) {
    return slots[Math.floorMod(step - delay, slots.length)];
  }

  /** Keeps a copy of the events of {@code step}. */
  void keep(int step, Events events) {
    slots[Math.floorMod(step, slots.length)].copy(events);
  }

  /** Copies out what is known before {@code step}, the youngest first. */
  void save(Events[] lists, int step) {
    for (int d = 1; d <= lists.length; d++) {
      lists[d - 1].copy(at(step, d));
    }
  }

  /** Becomes what {@link #save} copied out. */
  void restore(Events[] lists, int step) {
    for (int d = 1; d <= lists.length; d++) {
      at(step, d).copy(lists[d - 1]);
    }
  }
}
