package spindle.job;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import spindle.result.Json;
import spindle.result.Layout;
import spindle.result.RunId;
import spindle.result.TrialStatus;
import spindle.sweep.Plan;
import spindle.sweep.PlannedTrial;
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
  /** Shared work of less than this is not worth its files [s]. */
  private static final double LEAST_SPREAD_S = 30;

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
  private final Groups grouping;
  private final List<Candidate> candidates = new ArrayList<>();
  private double spreadSeconds;

  /** The first trial of a group, and what it does for the others. */
  private record Candidate(int index, Task.Shared shared) {}

  private Backlog(Retry retry, Groups grouping) {
    this.retry = retry;
    this.grouping = grouping;
  }

  /** Walks the plan once; writes the to-do file and the plan's list of trial ids. */
  static Backlog of(Plan plan, Task task, Books books, Retry retry, Layout layout, String runId)
      throws IOException {
    var backlog = new Backlog(retry, new Groups(plan.sweep()));
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
    return Arrays.stream(seconds, 0, size).sum() + spreadSeconds;
  }

  /** Predicted size of the recordings [B]. */
  double recordedBytes() {
    return recordedBytes;
  }

  /** Predicted wall time of the i-th trial to run [s]. */
  double seconds(int i) {
    return seconds[i];
  }

  /** Shared work of more than this delays the end of a run on so many cores [s]. */
  double spreadAboveS(int cores) {
    return Math.max(LEAST_SPREAD_S, seconds() / (2 * cores));
  }

  /**
   * Takes shared work out of the trials, the longest first.
   *
   * @param aboveS where there is more of it than this [s]
   */
  List<Share> spread(double aboveS) {
    var shares = new ArrayList<Share>();
    candidates.sort(Comparator.comparingDouble(c -> -c.shared().seconds()));
    for (Candidate c : candidates) {
      if (c.shared().seconds() > aboveS) {
        double each = c.shared().seconds() / c.shared().pieces();
        var trial = new Pack(new long[] {offsets[c.index]}, new int[] {lengths[c.index]}, each);
        int piece = 0;
        for (int round = 0; round < c.shared().rounds().size(); round++) {
          for (int last = piece + c.shared().rounds().get(round); piece < last; piece++) {
            shares.add(new Share(trial, piece, round));
          }
        }
        seconds[c.index] -= c.shared().seconds();
        spreadSeconds += c.shared().seconds();
      }
    }
    candidates.clear();
    return shares;
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
    var asked = asked(plan, trial, settings);
    Task.Shared shared = shared(task, asked);
    int first = grouping.first(trial, settings, size);
    double cost = predict(task, asked) - (first == size ? 0 : shared.seconds());
    boolean mayLead = first == size && shared.pieces() > 1 && shared.seconds() > LEAST_SPREAD_S;
    if (mayLead) {
      candidates.add(new Candidate(size, shared));
    }
    double leading = mayLead ? shared.seconds() : 0;
    var changes = Wire.changes(plan.sweep().fixed(), settings);
    boolean alone = books.fatal(trial);
    int length = print(todo, Json.line(new RunSpec.Line(trial, cost, leading, changes, alone)));
    append(at, length, cost, first);
    return length;
  }

  private static Trial asked(Plan plan, PlannedTrial trial, Settings settings) {
    var sweep = plan.sweep();
    return new Trial(
        settings, trial.seed(), sweep.execution().backend(), sweep.recording(), sweep.guards());
  }

  // Of contradicting settings nothing is predicted: the trial itself will say so, as a failure row.

  private double predict(Task task, Trial trial) {
    try {
      var cost = task.cost(trial);
      recordedBytes += cost.recordedBytes();
      return Math.max(0, cost.seconds());
    } catch (RuntimeException e) {
      return 0;
    }
  }

  private static Task.Shared shared(Task task, Trial trial) {
    try {
      return task.shared(trial);
    } catch (RuntimeException e) {
      return Task.Shared.NOTHING;
    }
  }

  /** The first trial to run that the i-th one shares all stages but the last with, or itself. */
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
