package spindle.job;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import spindle.sweep.PlannedTrial;
import spindle.sweep.Sweep;
import spindle.task.Settings;

/** Which trials share all work but their last stage: those that differ in its axes alone. */
final class Groups {
  private final Set<String> later = new HashSet<>();
  private final Map<String, Integer> firsts = new HashMap<>();

  Groups(Sweep sweep) {
    sweep.axes().stream().filter(a -> !a.stage().isEmpty()).forEach(a -> later.add(a.name()));
  }

  /** Whether every trial is a group of its own. */
  boolean isTrivial() {
    return later.isEmpty();
  }

  /**
   * The index of the first trial that a trial shares work with, its own if it is the first.
   *
   * @param index of the trial among those asked about
   */
  int first(PlannedTrial trial, Settings settings, int index) {
    if (later.isEmpty()) {
      return index;
    }
    var earlier = new TreeMap<>(settings.values());
    earlier.keySet().removeAll(later);
    return firsts.computeIfAbsent(trial.seed() + " " + earlier, k -> index);
  }
}
