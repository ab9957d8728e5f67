package spindle.task;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a trial ended.
 *
 * @param status how it ended; failures are thrown, not returned
 * @param reason one line for people, empty when {@code OK}
 * @param metrics value per metric name; metrics that have no value (CV of a silent network) are
 *     absent
 * @param neurons number of neurons
 * @param synapses number of synapses
 * @param simulatedMs model time that was simulated [ms]
 * @param dtMs step [ms]
 * @param spikes spikes of the whole network
 * @param timing where the wall time went
 * @param backend name of the backend that ran it, never {@code auto}: {@code cpu}
 * @param device what it ran on: {@code cpu, 512-bit vectors}
 * @param shape how it was spread over the device: {@code block_shared x16}; empty where there is
 *     only one way
 * @param peakBytes largest memory held by the simulator's buffers [B]
 * @param populations number of neurons of each population that recordings may name
 * @param kernels SHA-256 of each program that ran, by its name
 * @param curve values on the way, in any order; empty for a plain simulation
 */
public record Outcome(
    Status status,
    String reason,
    Map<String, Double> metrics,
    long neurons,
    long synapses,
    double simulatedMs,
    double dtMs,
    long spikes,
    Timing timing,
    String backend,
    String device,
    String shape,
    long peakBytes,
    Map<String, Long> populations,
    Map<String, String> kernels,
    List<CurvePoint> curve) {

  /** How a trial can end without an exception. */
  public enum Status {
    /** Ran to its end. */
    OK,
    /** The state became NaN or infinite. */
    DIVERGED,
    /** A guard ended it. */
    STOPPED
  }

  /** Wall time per phase [s]. */
  public record Timing(double buildS, double compileS, double simS) {}

  public Outcome {
    metrics = Collections.unmodifiableMap(new TreeMap<>(metrics));
    populations = Collections.unmodifiableMap(new TreeMap<>(populations));
    kernels = Collections.unmodifiableMap(new TreeMap<>(kernels));
    curve = List.copyOf(curve);
  }

  /** The outcome of a task without populations that tells nothing of its programs. */
  public Outcome(
      Status status,
      String reason,
      Map<String, Double> metrics,
      long neurons,
      long synapses,
      double simulatedMs,
      double dtMs,
      long spikes,
      Timing timing,
      String backend,
      String device,
      long peakBytes) {
    this(
        status,
        reason,
        metrics,
        neurons,
        synapses,
        simulatedMs,
        dtMs,
        spikes,
        timing,
        backend,
        device,
        "",
        peakBytes,
        Map.of(),
        Map.of(),
        List.of());
  }
}
