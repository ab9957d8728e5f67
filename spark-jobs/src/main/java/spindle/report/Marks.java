package spindle.report;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Marks where a position has no value: a cross if no trial is ok, a ring if one is. */
final class Marks {
  private Marks() {}

  /** Where a mark stands, and the series whose colour it has; without one it is grey. */
  record Place(double x, double y, String series) {
    Place(double x, double y) {
      this(x, y, "");
    }
  }

  static void add(
      List<Map<String, Object>> layers,
      Map<Grid.Cell, Grid.Trials> missing,
      Function<Grid.Cell, Place> place,
      List<String> panels) {
    var failed = new Spec.Columns("x", "y", "series", "panel");
    var silent = new Spec.Columns("x", "y", "series", "panel");
    boolean coloured = false;
    for (Map.Entry<Grid.Cell, Grid.Trials> e : missing.entrySet()) {
      Place at = place.apply(e.getKey());
      coloured |= !at.series().isEmpty();
      (e.getValue().ok() == 0 ? failed : silent)
          .add(at.x(), at.y(), at.series(), panels.get(e.getKey().panel()));
    }
    layer(layers, failed, 4, coloured);
    layer(layers, silent, 1, coloured);
  }

  private static void layer(
      List<Map<String, Object>> layers, Spec.Columns rows, int shape, boolean coloured) {
    if (!rows.isEmpty()) {
      var mapping = Spec.of("x", "x", "y", "y");
      if (coloured) {
        mapping.put("color", "series");
      }
      var points = Spec.layer("point", rows, mapping);
      Spec.with(points, "shape", shape, "size", 2.5, "stroke", 1.0, "show_legend", false);
      layers.add(coloured ? points : Spec.with(points, "color", Palette.MUTED));
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
