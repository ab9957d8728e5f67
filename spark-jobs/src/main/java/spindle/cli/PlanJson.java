package spindle.cli;

import java.io.PrintWriter;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import spindle.job.Prospect;
import spindle.sweep.Axis;
import spindle.sweep.Forecast;
import spindle.sweep.LazyPlan;
import spindle.sweep.PlannedTrial;
import spindle.sweep.Sweep;
import spindle.sweep.Sweeps;
import spindle.task.Json;

/** A plan for programs: one JSON object, its list of trials streamed. */
final class PlanJson {
  private final LazyPlan plan;
  private final Forecast forecast;
  private final Prospect prospect;
  private final PrintWriter out;

  PlanJson(Sweeps.Planned planned, Prospect prospect, PrintWriter out) {
    this.plan = planned.plan();
    this.forecast = planned.forecast();
    this.prospect = prospect;
    this.out = out;
  }

  void print(boolean all) {
    String head = Json.of(summary());
    if (!all) {
      out.println(head);
      return;
    }
    out.print(head.substring(0, head.length() - 1) + ",\"list\":[");
    String separator = "";
    for (Iterator<PlannedTrial> trials = plan.trials(); trials.hasNext(); ) {
      out.print(separator + Json.of(trial(trials.next())));
      separator = ",";
    }
    out.println("]}");
  }

  private Map<String, Object> summary() {
    Sweep sweep = plan.sweep();
    var summary = new LinkedHashMap<String, Object>();
    summary.put("sweep", sweep.name());
    summary.put("model", sweep.model());
    summary.put("plan_id", plan.planId());
    summary.put("root", sweep.root());
    summary.put("trials", plan.size());
    summary.put("configurations", plan.configurations());
    summary.put("combinations", plan.combinations());
    summary.put("removed", plan.combinations() - plan.configurations());
    summary.put("replicates", sweep.replicates().n());
    summary.put("seed", sweep.replicates().seed());
    summary.put("axes", sweep.axes().stream().map(PlanJson::axis).toList());
    if (sweep.refinement().refines()) {
      summary.put("refine", sweep.refinement());
    }
    summary.put("done", prospect.done());
    summary.put("todo", prospect.todo());
    summary.put("packs", prospect.packs());
    summary.put("wall_s", prospect.wall());
    summary.put("predicted_s", forecast.seconds());
    summary.put("longest_s", forecast.longestSeconds());
    summary.put("peak_bytes", forecast.peakBytes());
    summary.put("output_bytes", forecast.outputBytes());
    summary.put("output_bytes_todo", prospect.recordedBytes());
    return summary;
  }

  private static Map<String, Object> axis(Axis axis) {
    var shown = new LinkedHashMap<String, Object>();
    shown.put("name", axis.name());
    shown.put("values", axis.values().stream().map(Object::toString).toList());
    shown.put("logarithmic", axis.logarithmic());
    shown.put("range", axis.range());
    return shown;
  }

  private Map<String, Object> trial(PlannedTrial trial) {
    var parameters = new LinkedHashMap<String, Object>();
    plan.parameters(trial).forEach((name, value) -> parameters.put(name, value.toString()));
    var shown = new LinkedHashMap<String, Object>();
    shown.put("index", trial.index());
    shown.put("trial_id", trial.trialId());
    shown.put("config_id", trial.configId());
    shown.put("result_key", trial.resultKey());
    shown.put("replicate", trial.replicate());
    shown.put("seed", trial.seed());
    shown.put("parameters", parameters);
    return shown;
  }
}
