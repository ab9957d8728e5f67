package spindle.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import spindle.job.Heap;
import spindle.job.Prospect;
import spindle.job.WallTime;
import spindle.sweep.Axis;
import spindle.sweep.LazyPlan;
import spindle.sweep.PlannedTrial;
import spindle.sweep.Selection;
import spindle.sweep.Sweep;
import spindle.sweep.Sweeps;
import spindle.task.Refinement;
import spindle.task.Value;

/** A plan for people. */
final class PlanText {
  private static final int ENDS = 3;
  private static final int SHOWN_VALUES = 8;

  /** Rows that share one column width; longer lists are printed block by block. */
  private static final int BLOCK = 1000;

  private final Sweeps.Planned planned;
  private final LazyPlan plan;
  private final Prospect prospect;
  private final PrintWriter out;

  PlanText(Sweeps.Planned planned, Prospect prospect, PrintWriter out) {
    this.planned = planned;
    this.plan = planned.plan();
    this.prospect = prospect;
    this.out = out;
  }

  void print(boolean all) {
    Sweep sweep = plan.sweep();
    out.println(sweep.name() + (sweep.about().isEmpty() ? "" : ": " + sweep.about()));
    out.println();
    axes(sweep);
    out.println();
    numbers(sweep);
    out.println();
    if (all || plan.size() <= 2 * ENDS) {
      rows(plan.trials());
    } else {
      rows(ends());
    }
  }

  private void axes(Sweep sweep) {
    var table = new Table().row("axis", "points", "values");
    for (Axis axis : sweep.axes()) {
      table.row(axis.name(), points(sweep, axis), values(axis));
    }
    sweep.selection().derive().forEach(d -> table.row(d.name(), "derived", d.expression()));
    sweep.selection().where().forEach(w -> table.row("where", "", w));
    table.print(out);
  }

  private static String points(Sweep sweep, Axis axis) {
    Selection.Sampling sampling = sweep.selection().sampling();
    return sampling.over().contains(axis.name())
        ? sampling.method().name().toLowerCase(Locale.ROOT)
        : Show.count(axis.values().size());
  }

  private static String values(Axis axis) {
    List<Value> values = axis.values();
    if (axis.range()) {
      return values.get(0) + " to " + values.get(1) + (axis.logarithmic() ? ", log-uniform" : "");
    }
    String shown =
        String.join(", ", values.stream().limit(SHOWN_VALUES).map(Object::toString).toList());
    return values.size() <= SHOWN_VALUES ? shown : shown + ", ... " + values.get(values.size() - 1);
  }

  private void numbers(Sweep sweep) {
    var table = new Table();
    trials(table, sweep.replicates());
    refinement(table, sweep.refinement());
    costs(table);
    table
        .row("results", sweep.root() + "/" + sweep.name())
        .row("plan id", plan.planId())
        .print(out);
  }

  private void trials(Table table, Sweep.Replicates r) {
    String common = r.commonRandomNumbers() ? ", common random numbers" : "";
    table
        .row("model", plan.sweep().model())
        .row("combinations", Show.count(plan.combinations()))
        .row("removed by where", Show.count(plan.combinations() - plan.configurations()))
        .row("replicates", r.n() + ", seed " + r.seed() + common)
        .row("trials", Show.count(plan.size()))
        .row("already done", Show.count(prospect.done()))
        .row("to run", Show.count(prospect.todo()) + " in " + Show.count(prospect.packs(), "pack"));
  }

  private void refinement(Table table, Refinement r) {
    if (r.refines()) {
      String goals =
          String.join(
              ", ",
              r.goals().stream()
                  .map(g -> (g.metric() + " = " + g.value() + " " + g.unit()).strip())
                  .toList());
      table
          .row("refined", String.join(", ", r.parameters()) + " by gradient, every trial a start")
          .row("targets", goals)
          .row("updates", Show.count(r.steps()) + " by " + r.optimizer());
    }
  }

  private void costs(Table table) {
    int cores = Runtime.getRuntime().availableProcessors();
    WallTime wall = prospect.wall();
    table
        .row(
            "predicted time",
            "about %s, start to report, on the %s here (an estimate: %s to %s)"
                .formatted(
                    Show.about(wall.likely()),
                    Show.count(cores, "core"),
                    Show.about(wall.low()),
                    Show.about(wall.high())))
        .row("", Show.seconds(prospect.seconds()) + " of it in trials, on one core")
        .row("longest trial", Show.seconds(planned.forecast().longestSeconds()))
        .row("peak memory", Show.bytes(planned.forecast().peakBytes()) + " per running trial");
    planned.warnings().forEach(w -> table.row("", "warning: " + w));
    Heap.warning(planned, cores).ifPresent(w -> table.row("", "warning: " + w));
    table.row("output", output());
  }

  /** What is recorded from here on; with what is there, if anything is. */
  private String output() {
    String rest = Show.bytes(prospect.recordedBytes()) + " recorded";
    return prospect.done() == 0
        ? rest
        : rest + ", of " + Show.bytes(planned.forecast().outputBytes());
  }

  private Iterator<PlannedTrial> ends() {
    var shown = new ArrayList<PlannedTrial>();
    take(plan.trials(), shown);
    var last = new ArrayList<PlannedTrial>();
    take(plan.backwards(), last);
    Collections.reverse(last);
    shown.addAll(last);
    return shown.iterator();
  }

  private static void take(Iterator<PlannedTrial> from, List<PlannedTrial> to) {
    for (int i = 0; i < ENDS && from.hasNext(); i++) {
      to.add(from.next());
    }
  }

  private void rows(Iterator<PlannedTrial> trials) {
    while (trials.hasNext()) {
      var table = new Table();
      for (int i = 0; i < BLOCK && trials.hasNext(); i++) {
        PlannedTrial trial = trials.next();
        Map<String, Value> parameters = plan.parameters(trial);
        if (i == 0) {
          table.row(cells("trial", parameters.keySet(), "replicate", "seed", "trial id"));
        }
        table.row(
            cells(
                Show.count(trial.index()),
                parameters.values(),
                Integer.toString(trial.replicate()),
                Long.toString(trial.seed()),
                trial.trialId()));
      }
      table.print(out);
    }
  }

  private static List<String> cells(String first, Iterable<?> middle, String... last) {
    var cells = new ArrayList<String>();
    cells.add(first);
    middle.forEach(m -> cells.add(m.toString()));
    cells.addAll(List.of(last));
    return cells;
  }
}
