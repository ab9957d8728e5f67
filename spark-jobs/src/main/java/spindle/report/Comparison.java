package spindle.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A metric beside what it would be otherwise, {@code memory} and {@code memory_if_stored}, over the
 * first axis; other axes are averaged.
 *
 * @param actual the metric
 * @param otherwise the one of the same unit whose name adds {@code _if_} and the condition
 */
record Comparison(Measure actual, Measure otherwise) {
  private static final String IF = "_if_";

  /** The comparison that a metric begins, if there is its other half. */
  static Optional<Comparison> of(Measure m, List<Measure> all) {
    return all.stream()
        .filter(o -> o.metric().startsWith(m.metric() + IF) && same(m, o))
        .findFirst()
        .map(o -> new Comparison(m, o));
  }

  /** Whether a metric is drawn beside another one. */
  static boolean isOtherHalf(Measure o, List<Measure> all) {
    return all.stream().anyMatch(m -> of(m, all).filter(c -> c.otherwise.equals(o)).isPresent());
  }

  private static boolean same(Measure m, Measure o) {
    return m.unit().equals(o.unit()) && m.split().equals(o.split());
  }

  String svg(Grid grid, Map<String, Map<Grid.Cell, Grid.Stat>> stats, String id) {
    var levels =
        List.of(new Level(Double.NaN, actual.name()), new Level(Double.NaN, otherwise.name()));
    var halves =
        new SweptAxis(
            "", "", false, 2, false, false, Double.NaN, Double.NaN, levels, false, Spacing.CHOICE);
    SweptAxis x = grid.layout().x();
    var layout = new Layout(Layout.Kind.LINES, List.of(x, halves), List.of());
    var means = new TreeMap<Grid.Cell, Grid.Stat>();
    var trials = new TreeMap<Grid.Cell, Grid.Trials>();
    for (int half = 0; half < 2; half++) {
      Measure m = half == 0 ? actual : otherwise;
      for (int at = 0; at < x.levels().size(); at++) {
        place(new Grid.Cell(at, half, 0), stats.getOrDefault(m.key(), Map.of()), means);
      }
    }
    means.keySet().forEach(c -> trials.put(c, new Grid.Trials(1, 1)));
    String title = Numbers.title(actual.name(), actual.unit());
    return new LinePlot(new Grid(grid.tables(), layout, grid.configs()), means, title, trials)
        .svg(id, actual.name() + " and " + otherwise.name() + " over " + x.title());
  }

  private static void place(
      Grid.Cell at, Map<Grid.Cell, Grid.Stat> stats, Map<Grid.Cell, Grid.Stat> means) {
    var here =
        stats.entrySet().stream()
            .filter(e -> e.getKey().x() == at.x())
            .map(Map.Entry::getValue)
            .toList();
    double mean = here.stream().mapToDouble(Grid.Stat::mean).average().orElse(Double.NaN);
    long n = here.stream().mapToLong(Grid.Stat::n).sum();
    if (n > 0) {
      means.put(at, new Grid.Stat(Numbers.six(mean), Double.NaN, Double.NaN, n));
    }
  }
}
