package spindle.report;

import java.util.ArrayList;
import java.util.List;

/** What was varied, and what was held. */
final class SweptSection {
  private SweptSection() {}

  static String html(Tables tables, Axes axes, Overview overview) {
    var rows = new ArrayList<String>();
    for (SweptAxis a : axes.swept()) {
      rows.add(
          Html.row(
              Html.td(Html.code(a.name())),
              Html.td(Html.text(a.spread())),
              Html.td(Html.text(a.unit())),
              Html.number(Numbers.count(a.count())),
              Html.td(a.numeric() ? a.logarithmic() ? "logarithmic" : "linear" : "choice")));
    }
    String swept =
        rows.isEmpty()
            ? Html.paragraph("Nothing was varied; all trials share one configuration.")
            : Html.table(List.of("Axis", "Values", "Unit", "#Count", "Spacing"), rows);
    long replicates = Math.max(1, Tables.whole(overview.totals(), "replicates"));
    String each =
        replicates == 1
            ? "Each configuration ran once."
            : "Each configuration ran up to " + replicates + " times, with seeds of its own.";
    return Html.section("swept", "What was swept", swept + Html.note(each) + held(tables, axes));
  }

  private static String held(Tables tables, Axes axes) {
    var held = new ArrayList<>(axes.single());
    held.addAll(Axes.held(tables));
    if (held.isEmpty()) {
      return "";
    }
    var rows = new ArrayList<String>();
    for (Axes.Single s : held) {
      boolean chosen = !s.source().equals("default");
      String value = Html.text(s.value());
      rows.add(
          Html.row(
              Html.td(Html.code(s.name())),
              Html.td(chosen ? "<strong>" + value + "</strong>" : value),
              Html.td(Html.text(s.source()))));
    }
    String summary =
        "Held parameters (" + held.size() + "); in bold those that are not the default";
    return Html.fold(summary, Html.table(List.of("Parameter", "Value", "Set by"), rows));
  }
}
