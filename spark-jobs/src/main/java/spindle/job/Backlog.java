package spindle.job;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.TreeMap;
import spindle.result.Json;
import spindle.result.Layout;
import spindle.result.RunId;
import spindle.result.TrialStatus;
import spindle.sweep.Plan;
import spindle.sweep.PlannedTrial;
import spindle.sweep.Sweep;
import spindle.task.Settings;
import spindle.task.Task;
import spindle.task.Trial;

/**
 * The difference between a plan and what is committed: how many trials are new, reused, retried, no
 * longer planned, and where in the to-do file each one to run is described.
 *
 * <p>The driver keeps 24 bytes per trial to run; the trials themselves are in the file.
 */
final class Backlog {
  private final Retry retry;
  private long planned;
  private final Map<TrialStatus, Long> reused = new EnumMap<>(TrialStatus.class);
  private long retried;
  private double recordedBytes;
  private int size;
  private long[] offsets = new long[1 << 8];
  private int[] lengths = new int[1 << 8];
  private double[] seconds = new double[1 << 8];
  private int[] groups = new int[1 << 8];
  private final Map<String, Integer> firsts = new HashMap<>();

  private Backlog(Retry retry) {
    this.retry = retry;
  }

  /** Walks the plan once; writes the to-do file and the plan's list of trial ids. */
  static Backlog of(Plan plan, Task task, Books books, Retry retry, Layout layout, String runId)
      throws IOException {
    var backlog = new Backlog(retry);
    Path ids = layout.planTrials(plan.planId());
    Path draft = ids.resolveSibling("." + ids.getFileName() + "." + RunId.next());
    Files.createDirectories(ids.getParent());
    Files.createDirectories(layout.runs());
    try (var todo = new BufferedOutputStream(Files.newOutputStream(layout.todo(runId)));
        var list = new BufferedOutputStream(Files.newOutputStream(draft))) {
      long at = 0;
      for (var trials = plan.trials(); trials.hasNext(); ) {
        PlannedTrial trial = trials.next();
        print(list, trial.trialId() + "," + trial.resultKey());
        at += backlog.take(plan, task, books, trial, at, todo);
      }
    }
    Files.move(draft, ids, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return backlog;
  }

  /** Trials of the plan. */
  long planned() {
    return planned;
  }

  /** Trials to run. */
  int size() {
    return size;
  }

  /** Trials to run that were never committed. */
  long fresh() {
    return size - retried;
  }

  /** Trials whose committed result is used. */
  long reused() {
    return planned - size;
  }

  /** Trials whose committed result is used, by how they ended. */
  long reused(TrialStatus status) {
    return reused.getOrDefault(status, 0L);
  }

  /** Committed trials that the plan knows, whether they run again or not. */
  long known() {
    return reused() + retried;
  }

  /** Trials that run again. */
  long retried() {
    return retried;
  }

  /** Predicted wall time on one core [s]. */
  double seconds() {
    return Arrays.stream(seconds, 0, size).sum();
  }

  /** Predicted size of the recordings [B]. */
  double recordedBytes() {
    return recordedBytes;
  }

  /** Predicted wall time of the i-th trial to run [s]. */
  double seconds(int i) {
    return seconds[i];
  }

  /** Where these trials are described, in this order. */
  Pack pack(int[] chosen) {
    double sum = 0;
    long[] at = new long[chosen.length];
    int[] bytes = new int[chosen.length];
    for (int k = 0; k < chosen.length; k++) {
      at[k] = offsets[chosen[k]];
      bytes[k] = lengths[chosen[k]];
      sum += seconds[chosen[k]];
    }
    return new Pack(at, bytes, sum);
  }

  private int take(
      Plan plan, Task task, Books books, PlannedTrial trial, long at, OutputStream todo)
      throws IOException {
    planned++;
    var committed = books.status(trial);
    if (committed.isPresent() && !retry.wants(committed.get())) {
      reused.merge(committed.get(), 1L, Long::sum);
      return 0;
    }
    retried += committed.isPresent() ? 1 : 0;
    Settings settings = plan.settings(trial);
    double cost = predict(plan, task, trial, settings);
    var changes = Wire.changes(plan.sweep().fixed(), settings);
    int length = print(todo, Json.line(new RunSpec.Line(trial, cost, changes)));
    append(at, length, cost, group(plan.sweep(), trial, settings));
    return length;
  }

  private double predict(Plan plan, Task task, PlannedTrial trial, Settings settings) {
    var sweep = plan.sweep();
    try {
      var cost =
          task.cost(
              new Trial(
                  settings,
                  trial.seed(),
                  sweep.execution().backend(),
                  sweep.recording(),
                  sweep.guards()));
      recordedBytes += cost.recordedBytes();
      return Math.max(0, cost.seconds());
    } catch (RuntimeException e) {
      return 0; // contradicting settings: the trial itself will say so, as a failure row
    }
  }

  /** The first trial to run with which this one shares all stages but the last. */
  private int group(Sweep sweep, PlannedTrial trial, Settings settings) {
    var later = new HashSet<String>();
    sweep.axes().stream().filter(a -> !a.stage().isEmpty()).forEach(a -> later.add(a.name()));
    if (later.isEmpty()) {
      return size;
    }
    var earlier = new TreeMap<>(settings.values());
    earlier.keySet().removeAll(later);
    return firsts.computeIfAbsent(trial.seed() + " " + earlier, k -> size);
  }

  /** The first trial with which the i-th one shares work; itself if there is none. */
  int group(int i) {
    return groups[i];
  }

  private void append(long offset, int length, double cost, int group) {
    if (size == offsets.length) {
      offsets = Arrays.copyOf(offsets, 2 * size);
      lengths = Arrays.copyOf(lengths, 2 * size);
      seconds = Arrays.copyOf(seconds, 2 * size);
      groups = Arrays.copyOf(groups, 2 * size);
    }
    offsets[size] = offset;
    lengths[size] = length;
    groups[size] = group;
    seconds[size++] = cost;
  }

  private static int print(OutputStream out, String line) throws IOException {
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
    out.write(bytes);
    return bytes.length;
  }
}
