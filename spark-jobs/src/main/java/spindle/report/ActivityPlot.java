package spindle.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** Raster above population rate above traces of one trial, one time axis for all. */
record ActivityPlot(Activity activity) {
  private static final int RASTER = 300;
  private static final int ROW = 150;

  String svg(String id, String label) {
    var figures = new ArrayList<Map<String, Object>>();
    var heights = new ArrayList<Double>();
    if (!activity.spikes().isEmpty()) {
      figures.add(raster());
      figures.add(rate());
      heights.add((double) RASTER);
      heights.add((double) ROW);
    }
    for (String variable : variables()) {
      figures.add(trace(variable));
      heights.add((double) ROW);
    }
    int height = (int) heights.stream().mapToDouble(h -> h).sum() + 30;
    Map<String, Object> layout =
        Spec.of("name", "grid", "ncol", 1, "nrow", figures.size(), "align", true, "fit", true);
    layout.putAll(Spec.of("heights", heights, "vspace", 6.0));
    var size = Spec.of("width", Panels.FULL, "height", height);
    return Svg.draw(
        Spec.of("kind", "subplots", "figures", figures, "layout", layout, "ggsize", size),
        id,
        label);
  }

  /** Up to three variables, the membrane potential first. */
  List<String> variables() {
    var all = new LinkedHashSet<String>();
    activity.traces().stream().map(Activity.Sample::variable).filter("v"::equals).forEach(all::add);
    activity.traces().stream()
        .filter(s -> !isDrawn(s))
        .map(Activity.Sample::variable)
        .forEach(all::add);
    return all.stream().limit(3).toList();
  }

  /** Whether it is a rate that the recorded spikes show already. */
  private boolean isDrawn(Activity.Sample sample) {
    return sample.neuron() == Activity.Sample.ALL
        && !activity.spikes().isEmpty()
        && activity.populations().stream().anyMatch(p -> p.name().equals(sample.population()));
  }

  private Map<String, Object> raster() {
    var dots = new Spec.Columns("x", "y", "p");
    long[] below = below();
    for (Activity.Spike s : activity.spikes()) {
      dots.add(s.ms(), (double) (below[s.population()] + s.neuron()), name(s.population()));
    }
    var layer = Spec.layer("point", dots, Spec.of("x", "x", "y", "y", "color", "p"));
    double size = activity.spikes().size() > 2000 ? 0.7 : 1.1;
    var ticks = new Spec.Ticks(middles(), labels());
    var y = Spec.axis("y", "neuron", ticks);
    y.put("limits", List.of(-0.5, below[below.length - 1] - 0.5));
    y.put("expand", List.of(0.0, 0.0));
    return plot(List.of(Spec.with(layer, "size", size)), "", y, RASTER);
  }

  /** Number of neurons of the populations before each, and of all. */
  private long[] below() {
    var populations = activity.populations();
    long[] out = new long[populations.size() + 1];
    for (int p = 0; p < populations.size(); p++) {
      out[p + 1] = out[p] + populations.get(p).neurons();
    }
    return out;
  }

  private List<Double> middles() {
    var out = new ArrayList<Double>();
    long[] below = below();
    for (int p = 0; p + 1 < below.length; p++) {
      out.add((below[p] + below[p + 1]) / 2.0);
    }
    return out;
  }

  private List<String> labels() {
    return activity.populations().stream()
        .map(p -> p.name() + " (" + Numbers.count(p.neurons()) + ")")
        .toList();
  }

  private String name(int population) {
    return Spec.plain(activity.populations().get(population).name());
  }

  private Map<String, Object> rate() {
    var rows = new Spec.Columns("x", "y", "p");
    activity.rates().forEach(r -> rows.add(r.ms(), r.hz(), name(r.population())));
    var layer = Spec.layer("line", rows, Spec.of("x", "x", "y", "y", "color", "p"));
    var y = Spec.axis("y", "rate (Hz)", Spec.Ticks.AUTO);
    double highest = activity.rates().stream().mapToDouble(Activity.Rate::hz).max().orElse(0);
    y.put("limits", List.of(0.0, Math.max(1, highest)));
    y.put("expand", List.of(0.0, 0.0, 0.05, 0.0));
    boolean last = variables().isEmpty();
    return plot(List.of(Spec.with(layer, "size", 0.8)), last ? "time (ms)" : "", y, ROW);
  }

  private Map<String, Object> trace(String variable) {
    var rows = new Spec.Columns("x", "y", "p");
    var of = activity.traces().stream().filter(s -> s.variable().equals(variable)).toList();
    of.forEach(
        s -> rows.add(s.ms(), Double.isFinite(s.v()) ? s.v() : null, Spec.plain(s.population())));
    var layer = Spec.layer("line", rows, Spec.of("x", "x", "y", "y", "color", "p"));
    var y = Spec.axis("y", Numbers.title(variable, of.get(0).unit()), Spec.Ticks.AUTO);
    boolean last = variables().indexOf(variable) == variables().size() - 1;
    return plot(List.of(Spec.with(layer, "size", 0.6)), last ? "time (ms)" : "", y, ROW);
  }

  private Map<String, Object> plot(
      List<Map<String, Object>> layers, String time, Map<String, Object> y, int height) {
    var x = Spec.axis("x", time, ticks());
    x.put("limits", List.of(activity.window().startMs(), activity.window().endMs()));
    x.put("expand", List.of(0.0, 0.0));
    var color = Spec.with(Spec.series("color", "", populations()), "guide", "none");
    var plot = Spec.plot(layers, List.of(x, y, color), Panels.FULL, height);
    if (time.isEmpty()) {
      Spec.hide(plot, "axis_text_x", "axis_title_x", "axis_ticks_x");
    }
    return plot;
  }

  /** Ten ticks or so at round times; none at the very end, where its label would be cut. */
  private Spec.Ticks ticks() {
    Activity.Window w = activity.window();
    double span = w.endMs() - w.startMs();
    double raw = Math.max(span, 1e-3) / 10;
    double decade = Math.pow(10, Math.floor(Math.log10(raw)));
    double step = raw <= 1.01 * decade ? decade : raw <= 2 * decade ? 2 * decade : 5 * decade;
    var at = new ArrayList<Double>();
    for (double k = Math.ceil(w.startMs() / step); k * step < w.endMs() - 0.02 * span; k++) {
      at.add(k * step);
    }
    return new Spec.Ticks(at, at.stream().map(Numbers::value).toList());
  }

  /** Names of all populations, recorded spikes first, so that colours agree in all rows. */
  List<String> populations() {
    var all = new LinkedHashSet<String>();
    activity.populations().forEach(p -> all.add(Spec.plain(p.name())));
    activity.traces().forEach(s -> all.add(Spec.plain(s.population())));
    return List.copyOf(all);
  }
}
