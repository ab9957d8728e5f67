package spindle.report;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Small multiples: how many side by side, and how large the plot becomes. */
final class Panels {
  /** Width of a plot that shares its row with another [px]. */
  static final int HALF = 560;

  /** Width of a plot that has the row for itself [px]. */
  static final int FULL = 1140;

  private Panels() {}

  /** Size of a plot [px] and the number of panels in a row. */
  record Size(int width, int height, int columns) {}

  /** Size of a plot of so many panels, each of a height [px]. */
  static Size size(int panels, int height) {
    if (panels == 1) {
      return new Size(HALF, height, 1);
    }
    int columns = panels <= 3 ? panels : panels == 4 ? 2 : 3;
    int rows = (panels + columns - 1) / columns;
    return new Size(FULL, rows * Math.min(height, 300) + 40, columns);
  }

  /** Cuts a plot into panels by the column of that name. */
  static void facet(Map<String, Object> plot, Layout layout) {
    int panels = layout.panels().size();
    if (panels > 1) {
      var facets = List.of("panel");
      int columns = size(panels, 0).columns();
      var ascending = List.of(1.0);
      plot.put(
          "facet", Spec.of("name", "wrap", "facets", facets, "ncol", columns, "order", ascending));
    }
  }

  /** Headings that sort as they stand: lets-plot orders panels by their text or not at all. */
  static List<String> sortable(List<String> headings) {
    return IntStream.range(0, headings.size())
        .mapToObj(i -> Svg.INVISIBLE.repeat(i) + headings.get(i))
        .toList();
  }

  /** Sets the ends of a colour scale; lets-plot chooses its own around equal values. */
  static void limit(Map<String, Object> scale, Collection<Double> values, boolean percent) {
    double lo = values.stream().mapToDouble(v -> v).min().orElse(0);
    double hi = values.stream().mapToDouble(v -> v).max().orElse(0);
    if (lo < hi) {
      scale.put("limits", percent ? List.of(0.0, 100.0) : List.of(lo, hi));
    }
  }
}
