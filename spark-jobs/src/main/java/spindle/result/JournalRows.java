package spindle.result;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import spindle.task.CurvePoint;
import spindle.task.Metric;
import spindle.task.NumericsVersion;
import spindle.task.Outcome;
import spindle.task.Task;

/**
 * Turns finished trials into journal rows.
 *
 * <p>Times, runs and packs apart, a row is a function of the trial alone: nothing in it depends on
 * how trials were spread over partitions. {@code pack_id} is the pack that Spark ran as one
 * partition, as commit records and {@code plan} count them, and {@code pack_size} its trials.
 */
final class JournalRows {
  private final RunHeader header;
  private final Task.Description task;
  private final ParamRows params;
  private final GroupCommit.Attempt attempt;
  private final String host;

  JournalRows(RunHeader header, Task.Description task, GroupCommit.Attempt attempt, String host) {
    this.header = header;
    this.task = task;
    this.params = new ParamRows(header, task);
    this.attempt = attempt;
    this.host = host;
  }

  /** The trial as it will be committed; {@code write} says what recording took. */
  Row row(TrialEnd end, Written write) {
    return new Cells(Schemas.JOURNAL)
        .set("attempt_id", write.attemptId())
        .set("sealed_at", Instant.now())
        .set("bulk", write.bulk())
        .set("trial", trial(end, write))
        .set("params", params.rows(end))
        .set("metrics", metrics(end))
        .set("failures", failures(end))
        .set("kernels", kernels(end))
        .row();
  }

  /**
   * What recording a trial took.
   *
   * @param bulk common name of the files with its spikes and traces
   * @param seconds wall time spent in writing [s]
   * @param spikeBytes size of its spikes before encoding [B]
   */
  record Written(String attemptId, String bulk, double seconds, long spikeBytes) {}

  private Row trial(TrialEnd end, Written write) {
    var cells = new Cells(Schemas.TRIALS);
    identity(cells, end);
    work(cells, end, write);
    if (end.settings().values().containsKey("sim.precision")) {
      cells.set("precision", end.settings().word("sim.precision"));
    }
    if (end.ending() instanceof TrialEnd.Ending.Returned returned) {
      outcome(cells, returned.outcome());
    } else if (end.ending() instanceof TrialEnd.Ending.Threw threw && !threw.backend().isEmpty()) {
      cells.set("backend", threw.backend()).set("device", threw.device());
    }
    return cells.row();
  }

  private void identity(Cells cells, TrialEnd end) {
    cells
        .set("trial_id", end.trial().trialId())
        .set("config_id", end.trial().configId())
        .set("result_key", end.trial().resultKey())
        .set("sweep", header.layout().name())
        .set("plan_id", header.planId())
        .set("run_id", header.runId())
        .set("attempt", attempt.attempt())
        .set("replicate", end.trial().replicate())
        .set("seed", end.trial().seed())
        .set("status", end.status().word())
        .set("status_reason", reason(end))
        .set("params", params.numbers(end.settings()))
        .set("params_text", ParamRows.words(end.settings()))
        .set("engine_version", EngineVersion.current())
        .set("numerics_version", NumericsVersion.CURRENT);
  }

  private void work(Cells cells, TrialEnd end, Written write) {
    cells
        .set("pack_id", attempt.packId())
        .set("pack_size", attempt.packSize())
        .set("t_queue_s", end.queueS())
        .set("t_write_s", write.seconds())
        .set("started_at", end.startedAt())
        .set("finished_at", end.finishedAt())
        .set("spikes_bytes", write.spikeBytes())
        .set("log_tail", end.logTail());
  }

  private static void outcome(Cells cells, Outcome outcome) {
    double modelS = outcome.simulatedMs() / 1e3;
    cells
        .set("n_neurons", outcome.neurons())
        .set("n_synapses", outcome.synapses())
        .set("sim_time_ms", outcome.simulatedMs())
        .set("dt_ms", outcome.dtMs())
        .set("backend", outcome.backend())
        .set("device", outcome.device())
        .set("t_build_s", outcome.timing().buildS())
        .set("t_compile_s", outcome.timing().compileS())
        .set("t_sim_s", outcome.timing().simS())
        .set("peak_device_bytes", outcome.peakBytes())
        .set("n_spikes", outcome.spikes())
        .set("population_sizes", outcome.populations());
    if (!outcome.shape().isEmpty()) {
      cells.set("shape", outcome.shape());
    }
    if (outcome.timing().simS() > 0 && modelS > 0) {
      cells.set("realtime_factor", modelS / outcome.timing().simS());
    }
  }

  private static Map<String, String> kernels(TrialEnd end) {
    return end.ending() instanceof TrialEnd.Ending.Returned returned
        ? returned.outcome().kernels()
        : Map.of();
  }

  private static String reason(TrialEnd end) {
    if (end.ending() instanceof TrialEnd.Ending.Returned returned) {
      return returned.outcome().reason();
    }
    return failure(end).map(Failure::message).orElse("");
  }

  /** What the trial ended with, then the points of its curve, each of the metrics asked for. */
  private List<Row> metrics(TrialEnd end) {
    var rows = new ArrayList<Row>();
    if (end.ending() instanceof TrialEnd.Ending.Returned returned) {
      returned.outcome().metrics().forEach((name, value) -> metric(end, name, value, rows));
      returned.outcome().curve().forEach(point -> point(end, point, rows));
    }
    return rows;
  }

  private void metric(TrialEnd end, String name, double value, List<Row> rows) {
    if (isAskedFor(name)) {
      long wallMs = Duration.between(end.startedAt(), end.finishedAt()).toMillis();
      rows.add(cells(end, name, value).set("wall_ms", wallMs).row());
    }
  }

  private void point(TrialEnd end, CurvePoint point, List<Row> rows) {
    if (!isAskedFor(point.metric())) {
      return;
    }
    Cells cells = cells(end, point.metric(), point.value()).set("step", point.step());
    if (point.epoch() != CurvePoint.NO_EPOCH) {
      cells.set("epoch", point.epoch());
    }
    if (!point.split().isEmpty()) {
      cells.set("split", point.split());
    }
    rows.add(cells.row());
  }

  private boolean isAskedFor(String metric) {
    return header.metrics().isEmpty() || header.metrics().contains(metric);
  }

  private Cells cells(TrialEnd end, String metric, double value) {
    String unit =
        task.metrics().stream()
            .filter(m -> m.name().equals(metric))
            .map(Metric::unit)
            .findFirst()
            .orElse("");
    return new Cells(Schemas.METRICS)
        .set("trial_id", end.trial().trialId())
        .set("metric", metric)
        .set("value", value)
        .set("unit", unit);
  }

  private List<Row> failures(TrialEnd end) {
    return failure(end)
        .map(
            f ->
                new Cells(Schemas.FAILURES)
                    .set("trial_id", end.trial().trialId())
                    .set("run_id", header.runId())
                    .set("attempt", attempt.attempt())
                    .set("at", end.finishedAt())
                    .set("class", f.kind().word())
                    .set("retryable", f.kind().retryable())
                    .set("fingerprint", f.fingerprint())
                    .set("message", f.message())
                    .set("stack", f.stack())
                    .set("host", host)
                    .row())
        .stream()
        .toList();
  }

  /** Why a trial did not run to its end: what went wrong, or the guard that stopped it. */
  static Optional<CommitRecord.Cause> cause(TrialEnd end) {
    if (end.status() == TrialStatus.STOPPED) {
      String word = TrialStatus.STOPPED.word();
      return Optional.of(new CommitRecord.Cause(word, alike(word, reason(end)), reason(end), ""));
    }
    return failure(end)
        .map(f -> new CommitRecord.Cause(f.kind().word(), f.fingerprint(), f.message(), f.stack()));
  }

  /** What went wrong: an exception, or the divergence that the outcome tells of. */
  static Optional<Failure> failure(TrialEnd end) {
    if (end.ending() instanceof TrialEnd.Ending.Threw threw) {
      return Optional.of(threw.failure());
    }
    if (end.ending() instanceof TrialEnd.Ending.Returned returned
        && returned.outcome().status() == Outcome.Status.DIVERGED) {
      String reason = returned.outcome().reason();
      return Optional.of(new Failure(Failure.Kind.DIVERGED, alike("diverged", reason), reason, ""));
    }
    return Optional.empty();
  }

  /** Neuron, step and rate differ from trial to trial; the cause is the text around them. */
  private static String alike(String status, String reason) {
    return Digests.text(status + " " + reason.replaceAll("[0-9.]+", "#")).substring(0, 16);
  }
}
