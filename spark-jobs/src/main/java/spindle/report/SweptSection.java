package spindle.report;

import java.util.ArrayList;
import java.util.List;

/** What was varied, and what was held. */
final class SweptSection {
  private SweptSection() {}

  static String html(Tables tables, Axes axes, Overview overview, Declared declared) {
    var rows = new ArrayList<String>();
    for (SweptAxis a : axes.swept()) {
      rows.add(
          Html.row(
              Html.td(Html.code(a.name())),
              Html.td(Html.text(a.spread())),
              Html.td(Html.text(a.unit())),
              Html.number(Numbers.count(a.count())),
              Html.td(a.spacing().words())));
    }
    String swept =
        rows.isEmpty()
            ? Html.paragraph("Nothing was varied; all trials share one configuration.")
            : Html.table(List.of("Axis", "Values", "Unit", "#Count", "Spacing"), rows);
    String each = Html.note(replicates(overview));
    return Html.section("swept", "What was swept", swept + each + held(tables, axes, declared));
  }

  /** How often each configuration ran, and what the seeds have in common. */
  private static String replicates(Overview overview) {
    long replicates = overview.replicates();
    long planned = overview.configurations() * replicates;
    boolean all = overview.trials() == planned;
    String times =
        replicates == 1
            ? "once"
            : (all ? "" : "up to ") + Numbers.count(replicates, "time") + (all ? "" : " so far");
    return "Each configuration ran " + times + seeds(overview, replicates) + ".";
  }

  private static String seeds(Overview overview, long replicates) {
    long seeds = Tables.whole(overview.totals(), "seeds");
    if (overview.trials() == 1) {
      return "";
    }
    if (overview.configurations() > 1 && seeds == replicates) {
      return replicates == 1
          ? "; all have the same seed (common random numbers)"
          : "; each replicate has the same seed in all of them (common random numbers)";
    }
    return seeds == overview.trials() ? "; every trial has a seed of its own" : "";
  }

  private static String held(Tables tables, Axes axes, Declared declared) {
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
              Html.td(Html.text(s.source())),
              Html.td(unused(s.name(), declared))));
    }
    String summary =
        "Held parameters (" + held.size() + "); in bold those that are not the default";
    return Html.fold(summary, Html.table(List.of("Parameter", "Value", "Set by", ""), rows));
  }

  /** Why a held value changes nothing; empty if it is read. */
  private static String unused(String name, Declared declared) {
    String why = declared.unused().getOrDefault(name, "");
    return why.isEmpty() ? "" : "not used with " + Html.code(why);
  }
}
