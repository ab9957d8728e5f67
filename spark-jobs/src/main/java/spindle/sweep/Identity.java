package spindle.sweep;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import spindle.task.Guards;
import spindle.task.Json;
import spindle.task.NumericsVersion;
import spindle.task.Quantity;
import spindle.task.Recording;
import spindle.task.Refinement;
import spindle.task.Value;

/**
 * Names of configurations, trials and results: hashes of what they are, so that equal work has one
 * name in every sweep, on every machine and in every spelling.
 *
 * <p>{@code config_id}, {@code trial_id} and {@code result_key} are the first 32 hex digits of the
 * SHA-256 over these texts (no spaces; numbers are shortest decimals in SI; keys sorted):
 *
 * <pre>
 * {"model":"coba-lif","params":{"init.v_mean":-0.055,...},"schema":1}
 * {"config_id":"...","replicate":0,"seed":123}
 * {"numerics_version":1,"trial_id":"..."}
 * </pre>
 *
 * A result that was recorded or guarded differently is another result, so its key also has {@code
 * guards} and {@code recording} where they are not empty. The backend is in none of them: it does
 * not change a bit of the result. A refined trial is another configuration: {@code "refine":{...}}
 * stands before the schema.
 *
 * <p>Seeds are the first 63 bits of the SHA-256 over {@code spindle-seed/1 SEED REPLICATE}, with
 * {@code " CONFIG_ID"} behind it when random numbers are not common to all configurations; in that
 * id axes of a later stage count as unset, so that what comes before the stage is the same.
 */
final class Identity {
  private static final int SCHEMA = 1;
  private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(256);

  private final Sweep.Replicates replicates;
  private final Map<String, Value> fixed;
  private final Set<String> staged;
  private final String resultHead;
  private final String resultTail;
  private final Map<Value, String> known = new HashMap<>();
  private final List<String> pieces = new ArrayList<>();
  private final List<String> slots = new ArrayList<>();
  private final Hash hash = new Hash();

  Identity(Sweep sweep, List<String> varying) {
    replicates = sweep.replicates();
    fixed = sweep.fixed().values();
    staged =
        sweep.axes().stream()
            .filter(a -> !a.stage().isEmpty())
            .map(Axis::name)
            .collect(Collectors.toUnmodifiableSet());
    sweep.axes().forEach(a -> a.values().forEach(v -> known.put(v, json(v))));
    var text = new StringBuilder("{\"model\":" + Json.quote(sweep.model()) + ",\"params\":{");
    String separator = "";
    for (Map.Entry<String, Value> p : sweep.fixed().values().entrySet()) {
      text.append(separator).append(Json.quote(p.getKey())).append(':');
      separator = ",";
      if (varying.contains(p.getKey())) {
        pieces.add(text.toString());
        slots.add(p.getKey());
        text.setLength(0);
      } else {
        text.append(json(p.getValue()));
      }
    }
    pieces.add(text + "}," + refinement(sweep.refinement()) + "\"schema\":" + SCHEMA + "}");
    String guards = guards(sweep.guards());
    resultHead = "{" + guards + "\"numerics_version\":" + NumericsVersion.CURRENT + ",";
    resultTail = recording(sweep.recording());
  }

  /** The text whose hash names a configuration. */
  String canonical(Map<String, Value> parameters) {
    return canonical(parameters, Set.of());
  }

  private String canonical(Map<String, Value> parameters, Set<String> unset) {
    var text = new StringBuilder();
    for (int i = 0; i < slots.size(); i++) {
      Value value = parameters.getOrDefault(slots.get(i), fixed.get(slots.get(i)));
      String json = unset.contains(slots.get(i)) ? "null" : known.get(value);
      text.append(pieces.get(i)).append(json == null ? json(value) : json);
    }
    return text.append(pieces.get(slots.size())).toString();
  }

  String configId(Map<String, Value> parameters) {
    return hash.id(canonical(parameters));
  }

  /** The name of what a configuration has in common with those that differ in later stages only. */
  String seedId(Map<String, Value> parameters) {
    return staged.isEmpty() ? configId(parameters) : hash.id(canonical(parameters, staged));
  }

  /**
   * One trial.
   *
   * @param seedId as {@link #seedId} gives it
   */
  PlannedTrial trial(long index, String configId, String seedId, int replicate) {
    String common = "spindle-seed/1 " + replicates.seed() + " " + replicate;
    long seed = hash.seed(replicates.commonRandomNumbers() ? common : common + " " + seedId);
    String trialId =
        hash.id(
            "{\"config_id\":\""
                + configId
                + "\",\"replicate\":"
                + replicate
                + ",\"seed\":"
                + seed
                + "}");
    String resultKey = hash.id(resultHead + resultTail + "\"trial_id\":\"" + trialId + "\"}");
    return new PlannedTrial(index, trialId, configId, resultKey, replicate, seed);
  }

  /**
   * Adds a trial to the name of a set of trials.
   *
   * <p>The set's name is a sum of hashes modulo 2^256: independent of order as a hash of the sorted
   * ids would be, but in one pass without holding or sorting them.
   */
  BigInteger add(BigInteger sum, PlannedTrial trial) {
    return sum.add(new BigInteger(1, hash.digest(trial.trialId()))).mod(MODULUS);
  }

  String planId(BigInteger sum) {
    return hash.id(
        "{" + resultTail + "\"schema\":" + SCHEMA + ",\"trials\":\"" + sum.toString(16) + "\"}");
  }

  private static String json(Value value) {
    return value instanceof Value.Word ? Json.quote(value.canonical()) : value.canonical();
  }

  private static String refinement(Refinement refinement) {
    return refinement.refines() ? "\"refine\":" + Json.of(refinement) + "," : "";
  }

  private static String guards(Guards guards) {
    var limits = new TreeMap<String, Object>();
    if (Double.isFinite(guards.maxRateHz())) {
      limits.put("max_rate_hz", guards.maxRateHz());
    }
    if (Double.isFinite(guards.silentAfterMs())) {
      limits.put("silent_after_ms", guards.silentAfterMs());
    }
    return limits.isEmpty() ? "" : "\"guards\":" + Json.of(limits) + ",";
  }

  private static String recording(Recording recording) {
    var kept = new TreeMap<String, Object>();
    if (!recording.spikes().isEmpty()) {
      kept.put("chunk_ms", recording.chunkMs());
      kept.put("spikes", recording.spikes().stream().sorted().toList());
    }
    if (!recording.traces().isEmpty()) {
      kept.put("traces", recording.traces().stream().map(Identity::trace).sorted().toList());
    }
    return kept.isEmpty() ? "" : "\"recording\":" + Json.of(kept) + ",";
  }

  private static String trace(Recording.Trace t) {
    return String.join(
        " ",
        t.population(),
        t.variable(),
        Integer.toString(t.neurons()),
        Quantity.decimal(t.everyMs()));
  }
}
