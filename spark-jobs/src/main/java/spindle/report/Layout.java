package spindle.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Which axes are drawn, and how.
 *
 * @param kind sort of plot
 * @param axes drawn axes: x, then y or the series, then the small multiples, as far as there are
 * @param averaged axes that vary but are not drawn
 */
record Layout(Kind kind, List<SweptAxis> axes, List<SweptAxis> averaged) {
  /** Sorts of plots. */
  enum Kind {
    /** Nothing varies. */
    NOTHING,
    /** One axis across, at most one more by colour. */
    LINES,
    /** Two axes, the value by colour. */
    HEAT,
    /** Two axes sampled at random, the value by colour. */
    SCATTER
  }

  private static final int MOST_SERIES = 4;
  private static final int MOST_PANELS = 6;

  Layout {
    axes = List.copyOf(axes);
    averaged = List.copyOf(averaged);
  }

  /** Chooses by the number of values of each axis and of configurations. */
  static Layout of(List<SweptAxis> swept, long configurations) {
    var plottable = swept.stream().filter(a -> !a.levels().isEmpty()).toList();
    if (plottable.isEmpty()) {
      return new Layout(Kind.NOTHING, List.of(), swept);
    }
    SweptAxis x = plottable.get(0);
    if (plottable.size() == 1) {
      return new Layout(Kind.LINES, List.of(x), rest(swept, List.of(x)));
    }
    SweptAxis y = plottable.get(1);
    boolean sparse = configurations * 2 < x.count() * y.count();
    if (sparse && x.numeric() && y.numeric() && y.count() > 8) {
      return new Layout(Kind.SCATTER, List.of(x, y), rest(swept, List.of(x, y)));
    }
    boolean lines = x.numeric() && x.count() >= 4 && y.count() <= MOST_SERIES;
    var axes = new ArrayList<>(List.of(x, y));
    var rest = new ArrayList<>(rest(swept, axes));
    if (plottable.size() > 2) {
      panels(plottable.get(2), axes, rest);
    }
    return new Layout(lines ? Kind.LINES : Kind.HEAT, axes, rest);
  }

  private static void panels(SweptAxis third, List<SweptAxis> axes, List<SweptAxis> rest) {
    boolean few = third.count() <= MOST_PANELS;
    if (few || third.numeric()) {
      axes.add(few ? third : third.inBins(4));
      rest.remove(third);
    }
  }

  private static List<SweptAxis> rest(List<SweptAxis> swept, List<SweptAxis> drawn) {
    return swept.stream().filter(a -> !drawn.contains(a)).toList();
  }

  SweptAxis x() {
    return axes.get(0);
  }

  SweptAxis y() {
    return axes.get(1);
  }

  boolean hasY() {
    return axes.size() > 1;
  }

  /** Headings of the small multiples; one empty heading if there are none. */
  List<String> panels() {
    if (axes.size() < 3) {
      return List.of("");
    }
    SweptAxis third = axes.get(2);
    return third.levels().stream()
        .map(l -> third.name() + " = " + Numbers.with(l.label(), third.unit()))
        .toList();
  }

  /** Whether a drawn position stands for more than one configuration. */
  boolean merges() {
    return !averaged.isEmpty() || axes.stream().anyMatch(SweptAxis::binned);
  }
}
