package spindle.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A value over one axis with its 95 % band, or its trials where they are few; one colour per level
 * of a second axis, one panel per level of a third.
 *
 * @param grid where the configurations lie
 * @param stats value per position, absent where there is none
 * @param title what stands at the y axis
 * @param trials trials per position: tells an empty position from one without a value
 * @param each values of the trials per position, drawn where they are few
 * @param least no value can be below it, so no band is
 */
record LinePlot(
    Grid grid,
    Map<Grid.Cell, Grid.Stat> stats,
    String title,
    Map<Grid.Cell, Grid.Trials> trials,
    Map<Grid.Cell, List<Double>> each,
    double least) {
  /** From this ratio of largest to smallest mean on an axis of values is logarithmic. */
  private static final double MUCH = 30;

  /** A plot of means and bands alone. */
  LinePlot(
      Grid grid,
      Map<Grid.Cell, Grid.Stat> stats,
      String title,
      Map<Grid.Cell, Grid.Trials> trials) {
    this(grid, stats, title, trials, Map.of(), Double.NEGATIVE_INFINITY);
  }

  String svg(String id, String label) {
    Layout layout = grid.layout();
    List<String> panels = Panels.sortable(layout.panels());
    var layers = layers(panels);
    var size = Panels.size(panels.size(), 320);
    var plot = Spec.plot(layers, scales(layout), size.width(), size.height());
    Panels.facet(plot, layout);
    return Svg.draw(plot, id, label);
  }

  private List<Map<String, Object>> layers(List<String> panels) {
    var means = new Spec.Columns("x", "y", "series", "run", "panel");
    var bands = new Spec.Columns("x", "lo", "hi", "series", "run", "panel");
    fill(means, bands, panels);
    var layers = new ArrayList<Map<String, Object>>();
    double floor = frame().get(0);
    Marks.add(layers, missing(), c -> new Marks.Place(beside(c), floor, series(c)), panels);
    bands(layers, bands);
    dots(layers, panels);
    if (!means.isEmpty()) {
      var line = Spec.of("x", "x", "y", "y", "color", "series", "group", "run");
      if (grid.layout().x().numeric()) {
        layers.add(Spec.with(Spec.layer("line", means, line), "size", 0.9));
      }
      layers.add(Spec.with(Spec.layer("point", means, line), "size", 2.2));
    }
    return layers;
  }

  private void bands(List<Map<String, Object>> layers, Spec.Columns bands) {
    boolean numeric = grid.layout().x().numeric();
    if (!bands.isEmpty()) {
      var band = Spec.of("x", "x", "y", "lo", "ymin", "lo", "ymax", "hi", "group", "run");
      band.put(numeric ? "fill" : "color", "series");
      var layer = Spec.layer(numeric ? "ribbon" : "errorbar", bands, band);
      Spec.with(layer, "show_legend", false, "alpha", numeric ? 0.2 : 1.0);
      layers.add(Spec.with(layer, "size", numeric ? 0.0 : 0.7, "width", 0.2));
    }
  }

  private void dots(List<Map<String, Object>> layers, List<String> panels) {
    var dots = new Spec.Columns("x", "y", "series", "panel");
    shown()
        .forEach(
            (c, values) ->
                values.forEach(v -> dots.add(at(c), v, series(c), panels.get(c.panel()))));
    if (!dots.isEmpty()) {
      var mapping = Spec.of("x", "x", "y", "y", "color", "series");
      var layer = Spec.layer("point", dots, mapping);
      layers.add(Spec.with(layer, "size", 2.0, "alpha", 0.5, "show_legend", false));
    }
  }

  /** The trials of positions that have more than one, and too few for a band. */
  private Map<Grid.Cell, List<Double>> shown() {
    var out = new TreeMap<>(each);
    out.keySet().retainAll(stats.keySet());
    out.entrySet().removeIf(e -> stats.get(e.getKey()).banded() || e.getValue().size() < 2);
    return out;
  }

  /** Fills the rows; a run ends where a value is missing, so that no line bridges a gap. */
  private void fill(Spec.Columns means, Spec.Columns bands, List<String> panels) {
    int run = 0;
    for (Grid.Cell c : trials.keySet()) {
      Grid.Stat s = stats.get(c);
      if (s == null || c.x() == 0) {
        run++;
      }
      if (s != null) {
        String group = "r" + run + "/" + c.y() + "/" + c.panel();
        String panel = panels.get(c.panel());
        means.add(at(c), s.mean(), series(c), group, panel);
        if (s.banded()) {
          bands.add(at(c), low(s), s.hi(), series(c), group, panel);
        }
      }
    }
  }

  private Map<Grid.Cell, Grid.Trials> missing() {
    var out = new TreeMap<>(trials);
    out.keySet().removeAll(stats.keySet());
    return out;
  }

  private double at(Grid.Cell c) {
    SweptAxis x = grid.layout().x();
    return x.numeric() ? x.levels().get(c.x()).value() : c.x();
  }

  private String series(Grid.Cell c) {
    return names().get(c.y());
  }

  private List<String> names() {
    Layout layout = grid.layout();
    return layout.hasY()
        ? layout.y().levels().stream()
            .map(l -> Spec.plain(Numbers.with(l.label(), layout.y().unit())))
            .toList()
        : List.of("all");
  }

  /** Ends of the y axis: all that is drawn, and below it room for marks if there are any. */
  private List<Double> frame() {
    var drawn = new ArrayList<Double>();
    for (Grid.Stat s : stats.values()) {
      drawn.add(s.mean());
      if (s.banded()) {
        drawn.add(low(s));
        drawn.add(s.hi());
      }
    }
    shown().values().forEach(drawn::addAll);
    double lo = drawn.stream().mapToDouble(v -> v).min().orElse(0);
    double hi = drawn.stream().mapToDouble(v -> v).max().orElse(1);
    double room = missing().isEmpty() ? 0 : 0.08;
    if (logarithmic()) {
      return List.of(lo * Math.pow(lo / hi, room), hi);
    }
    double span = hi > lo ? hi - lo : Math.max(Math.abs(hi), 1e-3);
    double low = Math.max(least, hi > lo ? lo : lo - 0.5 * span);
    return List.of(low - room * span, hi > lo ? hi : hi + 0.5 * span);
  }

  /** Where a band begins. Nothing below zero has a place in the logarithm. */
  private double low(Grid.Stat s) {
    return logarithmic() && s.lo() <= 0 ? lowest() : Math.max(least, s.lo());
  }

  /** Marks of several series at one place stand side by side. */
  private double beside(Grid.Cell c) {
    SweptAxis x = grid.layout().x();
    double off = (c.y() - (names().size() - 1) / 2.0) * 0.018;
    if (!x.numeric()) {
      return c.x() + off * x.levels().size();
    }
    return x.logarithmic()
        ? at(c) * Math.pow(x.max() / x.min(), off)
        : at(c) + off * (x.max() - x.min());
  }

  private Map<String, Object> y() {
    List<Double> frame = frame();
    if (!logarithmic()) {
      return Spec.with(Spec.axis("y", title, Spec.Ticks.AUTO), "limits", frame);
    }
    var ticks = Spec.Ticks.logarithmic(frame.get(0), frame.get(1));
    return Spec.with(Spec.axis("y", title, ticks), "trans", "log10", "limits", frame);
  }

  /** Values that are all positive and differ much are told apart in the logarithm only. */
  private boolean logarithmic() {
    double hi = stats.values().stream().mapToDouble(Grid.Stat::mean).max().orElse(0);
    return lowest() > 0 && hi >= MUCH * lowest();
  }

  private double lowest() {
    return stats.values().stream().mapToDouble(Grid.Stat::mean).min().orElse(0);
  }

  private List<Map<String, Object>> scales(Layout layout) {
    SweptAxis axis = layout.x();
    var x = Spec.axis("x", axis.title(), axis.numeric() ? axis.ticks() : axis.positions(12));
    x.put("expand", List.of(0.0, axis.numeric() ? 0.0 : 0.5));
    if (axis.numeric()) {
      x.put("limits", axis.frame());
    }
    if (axis.logarithmic()) {
      x.put("trans", "log10");
    }
    var scales = new ArrayList<Map<String, Object>>(List.of(x));
    scales.add(y());
    String name = layout.hasY() ? layout.y().name() : "";
    for (String aesthetic : List.of("color", "fill")) {
      var series = Spec.series(aesthetic, name, names());
      scales.add(layout.hasY() ? series : Spec.with(series, "guide", "none"));
    }
    return scales;
  }
}
