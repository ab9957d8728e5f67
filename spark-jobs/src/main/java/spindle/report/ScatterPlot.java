package spindle.report;

import java.util.List;
import java.util.Map;

/** A value at randomly sampled points of two axes, by colour. */
record ScatterPlot(Layout layout, List<Grid.Point> points, String unit) {
  String svg(String id, String label) {
    var rows = new Spec.Columns("x", "y", "v");
    points.forEach(p -> rows.add(p.x(), p.y(), p.mean()));
    var layer = Spec.layer("point", rows, Spec.of("x", "x", "y", "y", "color", "v"));
    Spec.with(layer, "size", points.size() > 300 ? 2.0 : 3.0);
    var color = Spec.of("aesthetic", "color", "scale_mapper_kind", "color_cmap");
    color.putAll(Spec.of("option", "viridis", "name", unit.isEmpty() ? " " : unit));
    Panels.limit(color, points.stream().map(Grid.Point::mean).toList(), false);
    var scales = List.of(axis("x", layout.x()), axis("y", layout.y()), color);
    return Svg.draw(Spec.plot(List.of(layer), scales, Panels.HALF, 420), id, label);
  }

  private static Map<String, Object> axis(String aesthetic, SweptAxis axis) {
    var scale = Spec.axis(aesthetic, axis.title(), axis.ticks());
    scale.putAll(Spec.of("limits", axis.frame(), "expand", List.of(0.0, 0.0)));
    if (axis.logarithmic()) {
      scale.put("trans", "log10");
    }
    return scale;
  }
}
