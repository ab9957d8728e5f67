package spindle.job;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import spindle.sweep.Plan;
import spindle.sweep.Secrets;
import spindle.sweep.Sweep;
import spindle.task.Guards;
import spindle.task.Recording;
import spindle.task.Value;

/** A plan as {@code _plan/ID.json} keeps it; its trial ids lie beside it. */
record PlanRecord(
    String planId,
    String sweep,
    String model,
    long trials,
    Map<String, String> fixed,
    Map<String, List<String>> axes,
    Sweep.Replicates replicates,
    Recording recording,
    Guards guards,
    String configYaml) {

  static PlanRecord of(Plan plan) {
    Sweep sweep = plan.sweep();
    return new PlanRecord(
        plan.planId(),
        sweep.name(),
        sweep.model(),
        plan.size(),
        canonical(sweep),
        sweep.axisValues(),
        sweep.replicates(),
        sweep.recording(),
        sweep.guards(),
        Secrets.redacted(sweep.yaml()));
  }

  /** Canonical text of every parameter before axes are applied. */
  static Map<String, String> canonical(Sweep sweep) {
    var texts = new TreeMap<String, String>();
    sweep.fixed().values().forEach((name, value) -> texts.put(name, value.canonical()));
    return texts;
  }

  /** Every parameter before axes are applied, as tasks read them. */
  static Map<String, String> wire(Sweep sweep) {
    var texts = new TreeMap<String, String>();
    for (Map.Entry<String, Value> e : sweep.fixed().values().entrySet()) {
      texts.put(e.getKey(), Wire.text(e.getValue()));
    }
    return texts;
  }
}
