package spindle.backend.cpu;

import java.util.Arrays;
import spindle.compile.Events;
import spindle.ir.Variable;

/** The events of the last steps that were run, as far back as any delay reaches. */
final class EventRing {
  private final Events[] slots;
  private final int neurons;
  private int newest;
  private long changes;

  EventRing(Variable v) {
    neurons = v.type().length();
    slots = new Events[v.history()];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = new Events(neurons);
    }
  }

  /** The events of {@code delay} steps ago, at least 1. */
  Events at(int delay) {
    int slot = newest - delay + 1;
    return slots[slot < 0 ? slot + slots.length : slot];
  }

  /** How many neurons can have events. */
  int neurons() {
    return neurons;
  }

  /** The most events of one of the steps. */
  int most() {
    int most = 0;
    for (Events events : slots) {
      most = Math.max(most, events.count());
    }
    return most;
  }

  /** Keeps a copy of the events of a step, which are the newest then. */
  void keep(Events events) {
    newest = (newest + 1) % slots.length;
    slots[newest].copy(events);
    changes++;
  }

  /** Goes up by one for each step, by more where the past was rewritten. */
  long changes() {
    return changes;
  }

  /** Adds the events of some neurons in the last steps to a list, oldest first. */
  void list(int steps, int from, int to, Events target) {
    for (int d = steps; d >= 1; d--) {
      Events events = at(d);
      int first = (steps - d) * (to - from) - from;
      for (int e = 0; e < events.count(); e++) {
        int i = events.indices()[e];
        if (i >= from && i < to) {
          target.add(first + i);
        }
      }
    }
  }

  /** Element {@code index} of the masks of all steps, oldest first. */
  double mask(int index) {
    Events events = at(slots.length - index / neurons);
    return Arrays.binarySearch(events.indices(), 0, events.count(), index % neurons) >= 0 ? 1 : 0;
  }

  /** Rewrites the past: one mask per step, oldest first. */
  void write(double[] masks) {
    for (int step = 0; step < slots.length; step++) {
      Events events = at(slots.length - step);
      events.clear();
      for (int i = 0; i < neurons; i++) {
        if (masks[step * neurons + i] > 0) {
          events.add(i);
        }
      }
    }
    changes += 2;
  }

  /** Copies out the events of each step, the youngest first. */
  void save(Events[] lists) {
    for (int d = 1; d <= lists.length; d++) {
      lists[d - 1].copy(at(d));
    }
  }

  /** Becomes what {@link #save} copied out, as far back as both reach; before that none fired. */
  void restore(Events[] lists) {
    for (int d = 1; d <= slots.length; d++) {
      if (d <= lists.length) {
        at(d).copy(lists[d - 1]);
      } else {
        at(d).clear();
      }
    }
    changes += 2;
  }
}
