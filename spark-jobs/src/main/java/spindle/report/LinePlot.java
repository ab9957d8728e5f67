package spindle.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A value over one axis with its 95 % band; one colour per level of a second axis, one panel per
 * level of a third.
 *
 * @param grid where the configurations lie
 * @param stats value per position, absent where there is none
 * @param title what stands at the y axis
 * @param trials trials per position: tells an empty position from one without a value
 */
record LinePlot(
    Grid grid, Map<Grid.Cell, Grid.Stat> stats, String title, Map<Grid.Cell, Grid.Trials> trials) {
  /** From this ratio of largest to smallest mean on an axis of values is logarithmic. */
  private static final double MUCH = 30;

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
    boolean numeric = grid.layout().x().numeric();
    if (!bands.isEmpty()) {
      var band = Spec.of("x", "x", "y", "lo", "ymin", "lo", "ymax", "hi", "group", "run");
      band.put(numeric ? "fill" : "color", "series");
      var layer = Spec.layer(numeric ? "ribbon" : "errorbar", bands, band);
      Spec.with(layer, "show_legend", false, "alpha", numeric ? 0.2 : 1.0);
      layers.add(Spec.with(layer, "size", numeric ? 0.0 : 0.7, "width", 0.2));
    }
    if (!means.isEmpty()) {
      var line = Spec.of("x", "x", "y", "y", "color", "series", "group", "run");
      if (numeric) {
        layers.add(Spec.with(Spec.layer("line", means, line), "size", 0.9));
      }
      layers.add(Spec.with(Spec.layer("point", means, line), "size", 2.2));
    }
    double floor = floor();
    Marks.add(layers, missing(), c -> List.of(at(c), floor), panels);
    return layers;
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
        if (Double.isFinite(s.lo()) && Double.isFinite(s.hi())) {
          // Nothing below zero has a place in the logarithm: there the band ends at the lowest
          // mean.
          double lo = logarithmic() && s.lo() <= 0 ? lowest() : s.lo();
          bands.add(at(c), lo, s.hi(), series(c), group, panel);
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

  private double floor() {
    double lo = Double.POSITIVE_INFINITY;
    for (Grid.Stat s : stats.values()) {
      boolean drawable = Double.isFinite(s.lo()) && (s.lo() > 0 || !logarithmic());
      lo = Math.min(lo, drawable ? s.lo() : s.mean());
    }
    return Double.isFinite(lo) ? lo : 0;
  }

  private Map<String, Object> y() {
    if (!logarithmic()) {
      return Spec.axis("y", title, Spec.Ticks.AUTO);
    }
    double hi =
        stats.values().stream().mapToDouble(s -> Math.max(s.mean(), top(s))).max().orElse(1);
    return Spec.with(Spec.axis("y", title, Spec.Ticks.logarithmic(floor(), hi)), "trans", "log10");
  }

  private static double top(Grid.Stat s) {
    return Double.isFinite(s.hi()) ? s.hi() : s.mean();
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
