package spindle.report;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A value over two axes, by colour; one panel per level of a third.
 *
 * @param grid where the configurations lie
 * @param values value per position, absent where there is none
 * @param unit symbol of the value
 * @param trials trials per position: tells an empty position from one without a value
 */
record HeatMap(
    Grid grid, Map<Grid.Cell, Double> values, String unit, Map<Grid.Cell, Grid.Trials> trials) {

  String svg(String id, String label) {
    return Svg.draw(plot(Panels.HALF), id, label);
  }

  /** Means, and how far trials of one position lie apart: side by side, or below if in panels. */
  static String pair(HeatMap means, HeatMap spread, String id, String label) {
    if (means.grid.layout().panels().size() > 1) {
      return means.svg(id, label)
          + "<p>standard deviation</p>\n"
          + spread.svg(id + "sd", "standard deviation of " + label);
    }
    int half = Panels.HALF / 2;
    var figures =
        List.of(
            Spec.titled(means.plot(half), "mean"),
            Spec.titled(spread.plot(half), "standard deviation"));
    int height = size(means.grid.layout(), 1, half).height();
    return Svg.draw(
        Spec.row(figures, Panels.HALF, height), id, label + ": mean and standard deviation");
  }

  /** At most so wide, if it has no panels [px]. */
  private Map<String, Object> plot(int width) {
    Layout layout = grid.layout();
    List<String> panels = Panels.sortable(layout.panels());
    var tiles = new Spec.Columns("x", "y", "v", "panel");
    values.forEach((c, v) -> tiles.add(c.x(), c.y(), v, panels.get(c.panel())));
    var layers = new java.util.ArrayList<Map<String, Object>>();
    var empty = new Spec.Columns("x", "y", "panel");
    missing().forEach((c, t) -> empty.add(c.x(), c.y(), panels.get(c.panel())));
    var position = Spec.of("x", "x", "y", "y");
    if (!empty.isEmpty()) {
      layers.add(tile(Spec.layer("tile", empty, position), "fill", Palette.GAP));
    }
    if (!tiles.isEmpty()) {
      layers.add(tile(Spec.layer("tile", tiles, Spec.of("x", "x", "y", "y", "fill", "v"))));
    }
    Marks.add(layers, missing(), c -> new Marks.Place(c.x(), c.y()), panels);
    var size = size(layout, panels.size(), width);
    var plot = Spec.plot(layers, scales(layout, size), size.width(), size.height());
    Panels.facet(plot, layout);
    return plot;
  }

  private static Map<String, Object> tile(Map<String, Object> layer, Object... settings) {
    Spec.with(layer, "width", 1.0, "height", 1.0, "size", 0.0);
    return Spec.with(layer, settings);
  }

  private Map<Grid.Cell, Grid.Trials> missing() {
    var out = new TreeMap<>(trials);
    out.keySet().removeAll(values.keySet());
    return out;
  }

  private List<Map<String, Object>> scales(Layout layout, Panels.Size size) {
    int across = Math.max(3, size.width() / size.columns() / 55);
    var none = List.of(0.0, 0.0);
    var x = Spec.axis("x", layout.x().title(), layout.x().positions(Math.min(across, 16)));
    var y = Spec.axis("y", layout.y().title(), layout.y().positions(12));
    var fill = Spec.of("aesthetic", "fill", "scale_mapper_kind", "color_cmap");
    fill.putAll(Spec.of("option", "viridis", "name", unit.isEmpty() ? " " : unit));
    Panels.limit(fill, values.values(), unit.equals("%"));
    return List.of(Spec.with(x, "expand", none), Spec.with(y, "expand", none), fill);
  }

  private static Panels.Size size(Layout layout, int panels, int width) {
    int rows = layout.y().levels().size();
    var size = Panels.size(panels, Math.min(440, Math.max(240, 110 + rows * 26)));
    return panels == 1 ? new Panels.Size(width, size.height(), 1) : size;
  }
}
