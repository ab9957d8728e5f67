package spindle.report;

import java.util.List;

/** The values of one metric on a line, one dot per trial, with their median. */
record Strip(Measure measure, List<Double> values) {
  String svg(String id, String label) {
    var dots = new Spec.Columns("x", "y");
    values.forEach(v -> dots.add(v, 0.0));
    var middle = new Spec.Columns("x", "lo", "hi");
    middle.add(measure.median(), -0.5, 0.5);
    var bar = Spec.of("x", "x", "y", "lo", "xend", "x", "yend", "hi");
    var layers =
        List.of(
            Spec.with(
                Spec.layer("segment", middle, bar), "color", Palette.SERIES.get(1), "size", 1.2),
            Spec.with(
                Spec.layer("point", dots, Spec.of("x", "x", "y", "y")),
                "color",
                Palette.SERIES.get(0),
                "size",
                3.0,
                "alpha",
                0.7));
    var y = Spec.axis("y", "", new Spec.Ticks(List.of(0.0), List.of(" ")));
    y.put("limits", List.of(-1.0, 1.0));
    var x = Spec.axis("x", Numbers.title(measure.name(), measure.unit()), Spec.Ticks.AUTO);
    return Svg.draw(Spec.plot(layers, List.of(x, y), Panels.HALF, 120), id, label);
  }
}
