package spindle.report;

import java.util.List;

/** Spikes and traces of the trial with the highest first metric and of a typical one. */
final class ActivitySection {
  private ActivitySection() {}

  static String html(Tables tables, List<Measure> measures) {
    List<Picked> picked = Picked.of(tables, measures);
    if (picked.isEmpty()) {
      String none =
          "No trial that is ok recorded spikes or traces. To see a raster here, name populations"
              + " under <code>record</code> in the sweep file.";
      return Html.section("activity", "Activity", Html.paragraph(none));
    }
    var settings = Settings.of(tables, picked.stream().map(Picked::trialId).toList());
    var activities = Activities.of(tables, picked);
    var out = new StringBuilder();
    for (int i = 0; i < picked.size(); i++) {
      Picked trial = picked.get(i);
      String swept = settings.getOrDefault(trial.trialId(), "");
      out.append(one(trial, activities.get(i), unit(measures), swept));
    }
    String among = Html.note("Chosen among the trials that are ok and were recorded.");
    return Html.section("activity", "Activity", among + out);
  }

  private static String unit(List<Measure> measures) {
    return measures.stream().filter(m -> m.values() > 0).map(Measure::unit).findFirst().orElse("");
  }

  private static String one(Picked trial, Activity activity, String unit, String swept) {
    var plot = new ActivityPlot(activity);
    boolean valued = !Double.isNaN(trial.value());
    String value = Html.text(Numbers.with(Numbers.value(trial.value()), unit));
    String title = "<h3>" + Html.text(trial.why()) + (valued ? " = " + value : "") + "</h3>\n";
    String colon = swept.isEmpty() ? "" : ": ";
    String about = Html.note("Trial " + Html.code(trial.trialId()) + colon + swept);
    boolean drawable = !activity.spikes().isEmpty() || !activity.traces().isEmpty();
    String label = "spike raster, population rate and traces of trial " + trial.trialId();
    String picture =
        drawable
            ? plot.svg("a" + trial.trialId(), label)
            : Html.paragraph("The recorded populations are silent.");
    return Html.figure(title + about + legend(plot), picture, caption(activity, plot));
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
      out.append("Rate: spikes of all neurons in bins of " + Numbers.value(a.window().binMs()));
      boolean counted = a.populations().stream().allMatch(Activity.Population::counted);
      out.append(counted ? " ms per neuron. " : " ms per neuron, up to the last that spiked. ");
    }
    if (!plot.variables().isEmpty()) {
      out.append("Traces: " + traced(a, plot.variables()) + ".");
    }
    return out.toString();
  }

  private static String traced(Activity a, List<String> variables) {
    var drawn = a.traces().stream().filter(s -> variables.contains(s.variable()));
    return String.join(", ", drawn.map(s -> Html.text(s.of())).distinct().toList());
  }
}
