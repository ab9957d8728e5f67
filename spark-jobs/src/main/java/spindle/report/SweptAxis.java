package spindle.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;

/**
 * A parameter that took more than one value.
 *
 * @param name parameter
 * @param unit symbol, empty for plain numbers
 * @param numeric whether its values are numbers
 * @param count number of different values
 * @param logarithmic whether it is drawn in the logarithm
 * @param binned whether a level stands for a range of values
 * @param min smallest value, NaN for words
 * @param max largest value, NaN for words
 * @param levels positions in ascending order
 * @param partial whether some trials have no value of it
 * @param spacing how its values lie
 */
record SweptAxis(
    String name,
    String unit,
    boolean numeric,
    long count,
    boolean logarithmic,
    boolean binned,
    double min,
    double max,
    List<Level> levels,
    boolean partial,
    Spacing spacing) {
  private static final int MOST_TICKS = 10;

  SweptAxis {
    levels = List.copyOf(levels);
  }

  /** Name and unit. */
  String title() {
    return Numbers.title(name, unit);
  }

  /** The same axis cut into ranges of equal width, in the logarithm where the axis is such. */
  SweptAxis inBins(int bins) {
    var ranges = new ArrayList<Level>();
    for (int i = 0; i < bins; i++) {
      String label =
          Numbers.significant(edge(i, bins), 3) + "–" + Numbers.significant(edge(i + 1, bins), 3);
      double middle = edge(i + 0.5, bins);
      ranges.add(new Level(middle, bins > 8 ? Numbers.significant(middle, 3) : label));
    }
    return new SweptAxis(
        name, unit, numeric, count, logarithmic, true, min, max, ranges, partial, spacing);
  }

  private double edge(double i, int bins) {
    double part = i / bins;
    return logarithmic
        ? Math.exp(Math.log(min) + part * (Math.log(max) - Math.log(min)))
        : min + part * (max - min);
  }

  /** Index of the level that a value of this axis belongs to; null without a value. */
  Column index(Column value) {
    if (!binned) {
      Column[] known =
          levels.stream()
              .map(l -> numeric ? functions.lit(l.value()) : functions.lit(l.label()))
              .toArray(Column[]::new);
      return functions.array_position(functions.array(known), value).minus(1).cast("int");
    }
    Column v = logarithmic ? functions.log(value) : value;
    double lo = logarithmic ? Math.log(min) : min;
    double hi = logarithmic ? Math.log(max) : max;
    Column part = v.minus(lo).multiply(levels.size() / (hi - lo));
    return functions.least(functions.floor(part).cast("int"), functions.lit(levels.size() - 1));
  }

  /** Ticks at positions 0, 1, ..., thinned to at most {@code most}. */
  Spec.Ticks positions(int most) {
    int[] kept = kept(most);
    return new Spec.Ticks(
        IntStream.of(kept).mapToObj(i -> (double) i).toList(),
        IntStream.of(kept).mapToObj(i -> levels.get(i).label()).toList());
  }

  /**
   * Ticks of a continuous axis: its own values if they are few and lie apart, else 1, 2, 5, 10, ...
   * in the logarithm, else left to the plot.
   */
  Spec.Ticks ticks() {
    List<Double> own = levels.stream().map(Level::value).toList();
    if (!binned && own.size() <= MOST_TICKS && apart(own)) {
      return ticks(own);
    }
    return logarithmic
        ? ticks(
            Stream.of(new int[] {1, 2, 5}, new int[] {1, 3}, new int[] {1})
                .map(this::steps)
                .filter(this::apart)
                .findFirst()
                .orElse(steps(1)))
        : Spec.Ticks.AUTO;
  }

  private static Spec.Ticks ticks(List<Double> at) {
    return new Spec.Ticks(at, at.stream().map(Numbers::tick).toList());
  }

  private List<Double> steps(int... steps) {
    var at = new ArrayList<Double>();
    for (int decade = Spec.Ticks.decade(min); decade <= Spec.Ticks.decade(max); decade++) {
      for (int step : steps) {
        double tick = step * Math.pow(10, decade);
        if (tick >= min * 0.999 && tick <= max * 1.001) {
          at.add(tick);
        }
      }
    }
    return at;
  }

  /** Whether labels at these values do not touch: a twelfth of the axis is room for one. */
  private boolean apart(List<Double> values) {
    for (int i = 1; i < values.size(); i++) {
      if (place(values.get(i)) - place(values.get(i - 1)) < 1.0 / 12) {
        return false;
      }
    }
    return true;
  }

  private double place(double v) {
    return logarithmic ? Math.log(v / min) / Math.log(max / min) : (v - min) / (max - min);
  }

  /** Ends of a continuous axis: a little beyond its values, so that no mark is cut. */
  List<Double> frame() {
    double pad = 0.03;
    return logarithmic
        ? List.of(min * Math.pow(max / min, -pad), max * Math.pow(max / min, pad))
        : List.of(min - pad * (max - min), max + pad * (max - min));
  }

  /** Evenly from the first to the last where a step allows it, else with a wider last step. */
  private int[] kept(int most) {
    int last = levels.size() - 1;
    int least = (levels.size() + most - 1) / most;
    int step =
        IntStream.range(least, 2 * least).filter(s -> last % s == 0).findFirst().orElse(least);
    return IntStream.rangeClosed(0, last)
        .filter(i -> i == last || (i % step == 0 && last - i >= step))
        .toArray();
  }

  /** The values in words: each of a few, the ends of many. */
  String spread() {
    if (levels.size() <= 12 && !binned) {
      return String.join(", ", levels.stream().map(Level::label).toList());
    }
    return numeric
        ? Numbers.value(min) + " to " + Numbers.value(max)
        : levels.get(0).label() + ", …, " + levels.get(levels.size() - 1).label();
  }
}
