package spindle.result;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.Optional;

/**
 * The small summary a driver rewrites every few seconds.
 *
 * @param state {@code running}, {@code finished}, {@code aborted} or {@code interrupted}
 * @param planned trials of the plan
 * @param reused of them, committed before this run
 * @param counts committed trials of the plan per status word
 * @param runningDone trials finished by this run, committed or not yet
 * @param etaS predicted remaining wall time [s], negative: unknown
 * @param updatedAt ISO instant
 */
public record SweepStatus(
    String sweep,
    String runId,
    String planId,
    String state,
    long planned,
    long reused,
    Map<String, Long> counts,
    long runningDone,
    double elapsedS,
    double etaS,
    String updatedAt) {
  public SweepStatus {
    counts = Map.copyOf(counts);
  }

  /** Replaces the summary of a sweep. */
  public void save(Layout layout) throws IOException {
    LinkCreate.replace(layout.status(), Json.pretty(this));
  }

  /** The summary of a sweep; empty if it never ran. */
  public static Optional<SweepStatus> of(Layout layout) throws IOException {
    try {
      return Optional.of(Json.read(layout.status(), SweepStatus.class));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }
}
