package spindle.report;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Marks where a position has no value: a cross if no trial is ok, a ring if one is. */
final class Marks {
  private Marks() {}

  static void add(
      List<Map<String, Object>> layers,
      Map<Grid.Cell, Grid.Trials> missing,
      Function<Grid.Cell, List<Double>> place,
      List<String> panels) {
    var failed = new Spec.Columns("x", "y", "panel");
    var silent = new Spec.Columns("x", "y", "panel");
    missing.forEach(
        (c, t) -> {
          List<Double> at = place.apply(c);
          (t.ok() == 0 ? failed : silent).add(at.get(0), at.get(1), panels.get(c.panel()));
        });
    layer(layers, failed, 4);
    layer(layers, silent, 1);
  }

  private static void layer(List<Map<String, Object>> layers, Spec.Columns rows, int shape) {
    if (!rows.isEmpty()) {
      var points = Spec.layer("point", rows, Spec.of("x", "x", "y", "y"));
      layers.add(
          Spec.with(points, "shape", shape, "size", 2.5, "color", Palette.MUTED, "stroke", 1.0));
    }
  }

  /** What the marks of a figure mean, in words; empty if it has none. */
  static String legend(Map<Grid.Cell, Grid.Trials> trials, Map<Grid.Cell, ?> values) {
    boolean failed = false;
    boolean silent = false;
    for (Map.Entry<Grid.Cell, Grid.Trials> t : trials.entrySet()) {
      if (!values.containsKey(t.getKey())) {
        failed |= t.getValue().ok() == 0;
        silent |= t.getValue().ok() > 0;
      }
    }
    String cross = "× no trial was ok. ";
    String ring = "○ trials were ok, but the metric has no value (a silent network, for example). ";
    return (failed ? cross : "") + (silent ? ring : "");
  }
}
