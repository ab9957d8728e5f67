package spindle.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.functions;

/** One figure per metric over the axes of the sweep, and a table of all metrics. */
record MetricSection(Tables tables, Grid grid, List<Measure> measures, Overview overview) {
  private static final int MOST_FIGURES = 24;
  private static final int MOST_ROWS = 200;
  private static final int MOST_DOTS = 500;
  private static final String AVERAGED = "Mean of all trials at a value of the axis.";

  String html() {
    if (measures.isEmpty()) {
      String none = "No trial was ok, so there is no metric to show.";
      String empty = "The trials reported no metrics.";
      return Html.section(
          "metrics", "Metrics", Html.paragraph(overview.ok() == 0 ? none : empty) + outcomes());
    }
    String most =
        measures.size() > MOST_FIGURES
            ? Html.note(
                "The first " + MOST_FIGURES + " of " + measures.size() + " metrics are drawn.")
            : "";
    String figures = "<div class=\"figures\">\n" + figures() + "</div>\n" + most;
    return Html.section("metrics", "Metrics", summary() + how() + figures);
  }

  private String figures() {
    return switch (grid.layout().kind()) {
      case NOTHING -> strips();
      case SCATTER -> scatters() + outcomes();
      case LINES, HEAT -> overAxes();
    };
  }

  private List<Measure> drawn() {
    return measures.subList(0, Math.min(MOST_FIGURES, measures.size()));
  }

  private String overAxes() {
    var trials = grid.trials();
    var stats = grid.stats();
    boolean lines = grid.layout().kind() == Layout.Kind.LINES;
    var each = lines ? grid.each() : Map.<String, Map<Grid.Cell, List<Double>>>of();
    var out = new StringBuilder();
    boolean numeric = lines && grid.layout().x().numeric();
    for (Measure m : drawn()) {
      var beside = Comparison.of(m, measures).filter(c -> numeric);
      if (beside.isPresent()) {
        out.append(figure(m, beside.get().svg(grid, stats, "m" + measures.indexOf(m)), AVERAGED));
        continue;
      }
      if (numeric && Comparison.isOtherHalf(m, measures)) {
        continue;
      }
      var cells = stats.getOrDefault(m.key(), Map.of());
      String svg =
          lines
              ? line(m, cells, trials, each.getOrDefault(m.key(), Map.of()))
              : heat(m, cells, trials);
      boolean dots = each.containsKey(m.key());
      out.append(figure(m, svg, caption(cells, trials, dots) + values(cells, m)));
    }
    return out + outcomes(trials);
  }

  private String line(
      Measure m,
      Map<Grid.Cell, Grid.Stat> cells,
      Map<Grid.Cell, Grid.Trials> trials,
      Map<Grid.Cell, List<Double>> each) {
    double least = m.smallest() >= 0 ? 0 : Double.NEGATIVE_INFINITY;
    return new LinePlot(grid, cells, Numbers.title(m.name(), m.unit()), trials, each, least)
        .svg("m" + measures.indexOf(m), m.name() + " over " + axesInWords());
  }

  /** The means, and beside them how far trials of one position lie apart. */
  private String heat(
      Measure m, Map<Grid.Cell, Grid.Stat> cells, Map<Grid.Cell, Grid.Trials> trials) {
    String id = "m" + measures.indexOf(m);
    String label = m.name() + " over " + axesInWords();
    var spread = new TreeMap<Grid.Cell, Double>();
    cells.forEach((c, s) -> spread.put(c, s.sd()));
    spread.values().removeIf(sd -> !Double.isFinite(sd));
    var means = new HeatMap(grid, means(cells), m.unit(), trials);
    return spread.isEmpty()
        ? means.svg(id, label)
        : HeatMap.pair(means, new HeatMap(grid, spread, m.unit(), Map.of()), id, label);
  }

  private static Map<Grid.Cell, Double> means(Map<Grid.Cell, Grid.Stat> cells) {
    var out = new TreeMap<Grid.Cell, Double>();
    cells.forEach((c, s) -> out.put(c, s.mean()));
    return out;
  }

  private String figure(Measure m, String svg, String caption) {
    String unit = m.unit().isEmpty() ? "" : " <small>" + Html.text(m.unit()) + "</small>";
    return Html.figure("<h3>" + Html.text(m.name()) + unit + "</h3>\n", svg, caption);
  }

  private String caption(
      Map<Grid.Cell, Grid.Stat> cells, Map<Grid.Cell, Grid.Trials> trials, boolean dots) {
    long lo = cells.values().stream().mapToLong(Grid.Stat::n).min().orElse(0);
    long hi = cells.values().stream().mapToLong(Grid.Stat::n).max().orElse(0);
    boolean band = cells.values().stream().anyMatch(Grid.Stat::banded);
    boolean lines = grid.layout().kind() == Layout.Kind.LINES;
    String mean = hi > 1 ? "Mean of " + Numbers.range(lo, hi) + " trials each" : "One trial each";
    String shape = lines && grid.layout().x().numeric() ? "band" : "bars";
    String bands =
        lines && band
            ? "; "
                + shape
                + ": 95 % confidence interval of the mean, cut to the range of the metric"
            : "";
    boolean dotted = dots && cells.values().stream().anyMatch(s -> s.n() > 1 && !s.banded());
    String single = dotted ? "; dots: single trials" : "";
    String none = lines && hi <= 1 ? "; no band without replicates" : "";
    return (cells.isEmpty() ? "" : mean + bands + single + none + ". ")
        + Marks.legend(trials, cells)
        + left(trials);
  }

  /** Why positions of a heat map are blank. */
  private String left(Map<Grid.Cell, Grid.Trials> trials) {
    if (grid.layout().kind() != Layout.Kind.HEAT) {
      return "";
    }
    long positions = grid.layout().panels().size();
    positions *= (long) grid.layout().x().levels().size() * grid.layout().y().levels().size();
    return trials.size() < positions ? "Blank: not in the sweep. " : "";
  }

  /** The drawn numbers, to be copied or heard. */
  private String values(Map<Grid.Cell, Grid.Stat> cells, Measure m) {
    if (cells.isEmpty() || cells.size() > MOST_ROWS) {
      return "";
    }
    var rows = new ArrayList<String>();
    cells.forEach((c, s) -> rows.add(row(c, s)));
    var heads = new ArrayList<String>();
    grid.layout().axes().forEach(a -> heads.add("#" + Html.text(a.title())));
    heads.add("#" + Html.text(Numbers.title("mean", m.unit())));
    heads.addAll(List.of("#95 % interval", "#trials"));
    return Html.fold("Numbers", Html.table(heads, rows));
  }

  private String row(Grid.Cell c, Grid.Stat s) {
    int[] at = {c.x(), c.y(), c.panel()};
    var out = new StringBuilder();
    for (int i = 0; i < grid.layout().axes().size(); i++) {
      out.append(Html.number(Html.text(grid.layout().axes().get(i).levels().get(at[i]).label())));
    }
    String interval =
        Double.isFinite(s.lo()) ? Numbers.value(s.lo()) + " to " + Numbers.value(s.hi()) : "–";
    out.append(Html.number(Numbers.value(s.mean()))).append(Html.number(interval));
    return Html.row(out + Html.number(Numbers.count(s.n())));
  }

  private String scatters() {
    var points = grid.points();
    var out = new StringBuilder();
    for (Measure m : drawn()) {
      var some = points.getOrDefault(m.key(), List.of());
      String svg =
          new ScatterPlot(grid.layout(), some, m.unit())
              .svg("m" + measures.indexOf(m), m.name() + " over " + axesInWords());
      out.append(figure(m, svg, dots(some.size())));
    }
    return out.toString();
  }

  private String dots(int drawn) {
    long rest = overview.configurations() - drawn;
    String which =
        drawn >= Grid.MOST_POINTS ? " others are left out, by lot." : " others have no value.";
    return "One dot for each of "
        + Numbers.count(drawn, "configuration")
        + (rest > 0 ? "; " + Numbers.count(rest) + which : ".");
  }

  private String strips() {
    var values = new HashMap<String, List<Double>>();
    Measure.last(tables)
        .filter("value IS NOT NULL")
        .orderBy("trial_id")
        .limit(MOST_DOTS * measures.size())
        .select(
            functions.col("metric"),
            functions.coalesce(functions.col("split"), functions.lit("")),
            functions.col("value"))
        .collectAsList()
        .forEach(
            r ->
                values
                    .computeIfAbsent(
                        Measure.key(r.getString(0), r.getString(1)), k -> new ArrayList<>())
                    .add(r.getDouble(2)));
    var out = new StringBuilder();
    for (Measure m : drawn()) {
      List<Double> own = values.getOrDefault(m.key(), List.of());
      String svg = own.isEmpty() ? "" : new Strip(m, own).svg("m" + measures.indexOf(m), m.name());
      String dots = "One dot per trial (" + Numbers.count(own.size()) + "); the bar is the median.";
      out.append(figure(m, svg, own.isEmpty() ? "No trial has a value." : dots));
    }
    return out.toString();
  }

  private String outcomes() {
    boolean drawable =
        switch (grid.layout().kind()) {
          case LINES, HEAT -> true;
          case NOTHING, SCATTER -> false;
        };
    return drawable ? "<div class=\"figures\">\n" + outcomes(grid.trials()) + "</div>\n" : "";
  }

  /** Where trials failed: the share that is ok, drawn only if some are not. */
  private String outcomes(Map<Grid.Cell, Grid.Trials> trials) {
    if (trials.values().stream().allMatch(t -> t.ok() == t.all())) {
      return "";
    }
    String label = "share of trials that are ok over " + axesInWords();
    String title = "<h3>Trials that are ok <small>%</small></h3>\n";
    String caption = "Share of all trials; diverged, stopped and failed trials are not ok.";
    var share = new TreeMap<Grid.Cell, Double>();
    trials.forEach((c, t) -> share.put(c, 100.0 * t.ok() / t.all()));
    if (grid.layout().kind() == Layout.Kind.HEAT) {
      return Html.figure(title, new HeatMap(grid, share, "%", trials).svg("ok", label), caption);
    }
    var stats = new TreeMap<Grid.Cell, Grid.Stat>();
    share.forEach((c, v) -> stats.put(c, new Grid.Stat(v, Double.NaN, Double.NaN, 0)));
    var plot = new LinePlot(grid, stats, "trials that are ok (%)", trials);
    return Html.figure(title, plot.svg("ok", label), caption);
  }

  private String summary() {
    var rows = new ArrayList<String>();
    for (Measure m : measures) {
      rows.add(
          Html.row(
              Html.td(Html.code(m.name())),
              Html.td(Html.text(m.unit())),
              Html.number(Numbers.count(m.values())),
              Html.number(Numbers.count(Math.max(0, overview.ok() - m.values()))),
              Html.number(Numbers.value(m.smallest())),
              Html.number(Numbers.value(m.p05())),
              "<td class=\"n strong\">" + Numbers.value(m.median()) + "</td>",
              Html.number(Numbers.value(m.p95())),
              Html.number(Numbers.value(m.largest()))));
    }
    var heads =
        List.of(
            "Metric", "Unit", "#Trials", "#No value", "#Min", "#5 %", "#Median", "#95 %", "#Max");
    return Html.table(heads, rows) + Html.note("Over all trials that are ok.");
  }

  private String axesInWords() {
    return String.join(" and ", grid.layout().axes().stream().map(SweptAxis::title).toList());
  }

  /** What a reader must know about the figures: averages, ranges, what is left out. */
  private String how() {
    var out = new StringBuilder();
    Layout layout = grid.layout();
    if (layout.kind() == Layout.Kind.SCATTER && !layout.averaged().isEmpty()) {
      out.append("Not drawn, though they vary too: " + names(layout.averaged()) + ". ");
    } else if (!layout.averaged().isEmpty()) {
      out.append("Averaged over " + names(layout.averaged()) + ". ");
    }
    var binned = layout.axes().stream().filter(SweptAxis::binned).toList();
    if (!binned.isEmpty() && layout.kind() != Layout.Kind.SCATTER) {
      out.append("Averaged within ranges of " + names(binned) + ". ");
    }
    var partial = layout.axes().stream().filter(SweptAxis::partial).toList();
    if (!partial.isEmpty()) {
      out.append("Configurations without a value of " + names(partial) + " are not drawn. ");
    }
    return out.isEmpty() ? "" : Html.note(out.toString());
  }

  private static String names(List<SweptAxis> axes) {
    return String.join(", ", axes.stream().map(a -> Html.code(a.name())).toList());
  }
}
