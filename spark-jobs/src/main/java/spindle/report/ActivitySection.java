package spindle.report;

import static org.apache.spark.sql.functions.col;

import java.util.ArrayList;
import java.util.List;

/** Spikes and traces of the best and of a typical trial. */
final class ActivitySection {
  private ActivitySection() {}

  static String html(Tables tables, List<Measure> measures, Objective objective) {
    List<Picked> picked = Picked.of(tables, measures, objective);
    if (picked.isEmpty()) {
      String none =
          "No trial that is ok recorded spikes or traces. To see a raster here, name populations"
              + " under <code>record</code> in the sweep file.";
      return Html.section("activity", "Activity", Html.paragraph(none));
    }
    var out = new StringBuilder();
    for (int i = 0; i < picked.size(); i++) {
      out.append(one(tables, picked.get(i), measures, "a" + i));
    }
    return Html.section("activity", "Activity", out.toString());
  }

  private static String one(Tables tables, Picked trial, List<Measure> measures, String id) {
    Activity activity = Activity.of(tables, trial);
    var plot = new ActivityPlot(activity);
    String value = "";
    if (!Double.isNaN(trial.value())) {
      String unit =
          measures.stream().filter(m -> m.values() > 0).map(Measure::unit).findFirst().orElse("");
      value = " = " + Numbers.with(Numbers.value(trial.value()), Html.text(unit));
    }
    String title = "<h3>" + Html.text(trial.why()) + value + "</h3>\n";
    String about = Html.note("Trial " + Html.code(trial.trialId()) + settings(tables, trial));
    boolean drawable = !activity.spikes().isEmpty() || !activity.traces().isEmpty();
    String label = "spike raster, population rate and traces of trial " + trial.trialId();
    String picture =
        drawable ? plot.svg(id, label) : Html.paragraph("The recorded populations are silent.");
    return Html.figure(title + about + legend(plot), picture, caption(activity, plot));
  }

  private static String settings(Tables tables, Picked trial) {
    var parts = new ArrayList<String>();
    tables
        .of("params")
        .filter(col("trial_id").equalTo(trial.trialId()).and(col("axis")))
        .select(col("name"), col("unit"), Tables.numeric(), Tables.textual())
        .orderBy("name")
        .collectAsList()
        .forEach(
            r -> {
              double number = Tables.number(r, "number");
              String text = Double.isNaN(number) ? r.getString(3) : Numbers.significant(number, 5);
              String shown = Html.text(Numbers.with(text, Tables.string(r, "unit")));
              parts.add(Html.code(r.getString(0)) + " = " + shown);
            });
    return (parts.isEmpty() ? "" : ": ") + String.join(", ", parts);
  }

  private static String legend(ActivityPlot plot) {
    var out = new StringBuilder("<p class=\"legend\">");
    List<String> names = plot.populations();
    for (int i = 0; i < names.size(); i++) {
      int color = i % Palette.SERIES.size();
      out.append("<span><i class=\"c" + color + "\"></i>" + Html.text(names.get(i)) + "</span>");
    }
    return out + "</p>\n";
  }

  private static String caption(Activity a, ActivityPlot plot) {
    var out = new StringBuilder();
    Activity.Window w = a.window();
    if (w.end() - w.start() < w.recorded()) {
      String drawn = Numbers.seconds((w.endMs() - w.startMs()) / 1e3);
      String all = Numbers.seconds(w.recorded() * w.dtMs() / 1e3);
      out.append("The last " + drawn + " of " + all + " recorded. ");
    }
    long spikes = a.spikes().size();
    if (spikes > 0) {
      out.append(
          a.every() == 1
              ? "Every spike is drawn (" + Numbers.count(spikes) + "). "
              : "Raster thinned: one neuron in "
                  + a.every()
                  + " is drawn, with all its spikes ("
                  + Numbers.count(spikes)
                  + "). ");
      out.append("Rate: spikes of all neurons in bins of " + Numbers.value(a.binMs()));
      out.append(" ms per neuron, up to the last neuron that spiked. ");
    }
    if (!plot.variables().isEmpty()) {
      out.append("Traces: " + traced(a) + ".");
    }
    return out.toString();
  }

  private static String traced(Activity a) {
    return String.join(
        ", ",
        a.traces().stream()
            .map(s -> "neuron " + s.neuron() + " of " + Html.text(s.population()))
            .distinct()
            .toList());
  }
}
