package spindle.report;

import java.util.Collection;
import java.util.List;
import java.util.Map;

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

  /** Cuts a plot into panels by the column of that name, in order of appearance. */
  static void facet(Map<String, Object> plot, List<String> panels, int columns) {
    if (panels.size() > 1) {
      var facets = List.of("panel");
      plot.put(
          "facet",
          Spec.of("name", "wrap", "facets", facets, "ncol", columns, "order", List.of(0.0)));
    }
  }

  /** Ends of a colour scale: smallest and largest value, drawn apart if they are the same. */
  static List<Double> limits(Collection<Double> values) {
    double lo = values.stream().mapToDouble(v -> v).min().orElse(0);
    double hi = values.stream().mapToDouble(v -> v).max().orElse(1);
    double pad = lo == hi ? Math.max(Math.abs(lo) * 0.05, 1e-9) : 0;
    return List.of(lo - pad, hi + pad);
  }
}
