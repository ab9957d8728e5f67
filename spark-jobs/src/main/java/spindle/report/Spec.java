package spindle.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Pieces of a plot specification as lets-plot reads it: nested maps, every number a double. */
final class Spec {
  private Spec() {}

  /** A map in the order given: name, value, name, value. */
  static Map<String, Object> of(Object... pairs) {
    var out = new LinkedHashMap<String, Object>();
    for (int i = 0; i < pairs.length; i += 2) {
      out.put((String) pairs[i], pairs[i + 1]);
    }
    return out;
  }

  /** Columns of data, filled row by row. */
  static final class Columns {
    private final Map<String, List<Object>> columns = new LinkedHashMap<>();

    Columns(String... names) {
      for (String name : names) {
        columns.put(name, new ArrayList<>());
      }
    }

    void add(Object... row) {
      int i = 0;
      for (List<Object> column : columns.values()) {
        Object v = row[i++];
        column.add(v instanceof Integer n ? Double.valueOf(n) : v);
      }
    }

    boolean isEmpty() {
      return columns.values().iterator().next().isEmpty();
    }

    Map<String, Object> map() {
      return new LinkedHashMap<>(columns);
    }
  }

  /** A layer that draws every row it is given, whatever their number. */
  static Map<String, Object> layer(String geom, Columns rows, Map<String, Object> mapping) {
    return of(
        "geom",
        geom,
        "data",
        rows.map(),
        "mapping",
        mapping,
        "sampling",
        "none",
        "tooltips",
        "none");
  }

  /** A layer with further settings: name, value, name, value. */
  static Map<String, Object> with(Map<String, Object> layer, Object... settings) {
    layer.putAll(of(settings));
    return layer;
  }

  /** An axis with its title, no padding, and chosen ticks if there are any. */
  static Map<String, Object> axis(String aesthetic, String title, Ticks ticks) {
    var scale = of("aesthetic", aesthetic, "name", plain(title));
    if (!ticks.at().isEmpty()) {
      scale.put("breaks", ticks.at());
      scale.put("labels", ticks.labels().stream().map(Spec::plain).toList());
    }
    return scale;
  }

  /** Where an axis has ticks, and what is written there; empty: left to the plot. */
  record Ticks(List<Double> at, List<String> labels) {
    static final Ticks AUTO = new Ticks(List.of(), List.of());

    /** At 1, 2, 5, 10, ...; over many decades at powers of ten alone. */
    static Ticks logarithmic(double min, double max) {
      var at = new ArrayList<Double>();
      for (int decade = decade(min); decade <= decade(max); decade++) {
        for (int step : max / min < 1e4 ? new int[] {1, 2, 5} : new int[] {1}) {
          double tick = step * Math.pow(10, decade);
          if (tick >= min * 0.999 && tick <= max * 1.001) {
            at.add(tick);
          }
        }
      }
      return new Ticks(at, at.stream().map(Numbers::value).toList());
    }

    /** The power of ten at or below a value. */
    static int decade(double v) {
      return (int) Math.floor(Math.log10(v));
    }
  }

  /** Colours of series by name, for lines and for the bands under them. */
  static Map<String, Object> series(String aesthetic, String title, List<String> names) {
    return of(
        "aesthetic",
        aesthetic,
        "name",
        plain(title),
        "values",
        Palette.SERIES.subList(0, Math.min(names.size(), Palette.SERIES.size())),
        "limits",
        names);
  }

  /** A plot of layers. */
  static Map<String, Object> plot(
      List<Map<String, Object>> layers, List<Map<String, Object>> scales, int width, int height) {
    return of(
        "kind",
        "plot",
        "layers",
        new ArrayList<>(layers),
        "scales",
        new ArrayList<>(scales),
        "ggsize",
        of("width", width, "height", height),
        "theme",
        theme());
  }

  /** A plot with a title above it. */
  static Map<String, Object> titled(Map<String, Object> plot, String title) {
    return with(plot, "ggtitle", of("text", plain(title)));
  }

  /** Plots side by side, their inner areas aligned. */
  static Map<String, Object> row(List<Map<String, Object>> plots, int width, int height) {
    var layout = of("name", "grid", "ncol", plots.size(), "nrow", 1, "align", true, "fit", true);
    var size = of("width", width, "height", height);
    return of("kind", "subplots", "figures", plots, "layout", layout, "ggsize", size);
  }

  /** Leaves out elements of a plot by their names in the theme. */
  @SuppressWarnings("unchecked")
  static void hide(Map<String, Object> plot, String... elements) {
    for (String element : elements) {
      ((Map<String, Object>) plot.get("theme")).put(element, blank());
    }
  }

  /** The same look for all; sizes equal those of the page's style sheet. */
  private static Map<String, Object> theme() {
    return of(
        "name", "minimal2",
        "plot_background", blank(),
        "legend_background", blank(),
        "plot_title", font(13),
        "axis_title", font(13),
        "axis_text", font(12),
        "legend_title", font(12),
        "legend_text", font(12),
        "strip_text", font(12));
  }

  private static Map<String, Object> font(int size) {
    return of("name", "text", "size", size, "blank", false);
  }

  private static Map<String, Object> blank() {
    return of("name", "blank", "blank", true);
  }

  /** One line of text that fits a label. */
  static String plain(String raw) {
    var out = new StringBuilder();
    raw.codePoints()
        .map(c -> Html.allowed(c) && !Character.isWhitespace(c) ? c : ' ')
        .limit(61)
        .forEach(out::appendCodePoint);
    return out.length() > 60 ? out.substring(0, 57) + "…" : out.toString();
  }
}
