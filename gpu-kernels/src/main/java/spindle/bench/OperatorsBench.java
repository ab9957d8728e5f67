package spindle.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import spindle.connect.AllToAll;
import spindle.connect.Bernoulli;
import spindle.connect.Connectivity;
import spindle.connect.Weighted;
import spindle.ir.Direction;
import spindle.ir.Rows;
import spindle.sim.Backends;
import spindle.sim.Product.Form;
import spindle.sim.Product.Input;
import spindle.sim.Product.Weights;

/**
 * {@code bench operators} and {@code bench jit-connectivity}: products of square Bernoulli
 * matrices, at p = 1 of dense ones with a weight for every pair; one JSON object per operator,
 * size, probability, batch and fraction of neurons that fire.
 */
final class OperatorsBench {
  static final Set<String> OPTIONS =
      Set.of(
          "sizes",
          "p",
          "fractions",
          "batches",
          "operators",
          "rounds",
          "seconds",
          "work",
          "backend",
          "threads",
          "seed");

  private static final List<String> STORED =
      List.of(
          "event_csrmv",
          "event_csrmv_weights",
          "event_csrmm",
          "csrmv",
          "csrmv_t",
          "csrmv_weights",
          "csrmv_weights_t",
          "csrmm",
          "csrmm_t",
          "event_dense_mv",
          "event_dense_mm",
          "dense_mv",
          "dense_mv_t",
          "dense_mm",
          "dense_mm_t");

  private static final List<String> REGENERATED =
      List.of(
          "event_mv_prob_homo",
          "event_mv_prob_uniform",
          "event_mv_prob_normal",
          "mv_prob_homo",
          "mv_prob_uniform",
          "mv_prob_normal",
          "mv_prob_homo_t",
          "mv_prob_uniform_t",
          "mv_prob_normal_t",
          "event_mm_prob_homo",
          "event_mm_prob_uniform",
          "event_mm_prob_normal",
          "mm_prob_homo",
          "mm_prob_uniform",
          "mm_prob_normal",
          "mm_prob_homo_t",
          "mm_prob_uniform_t",
          "mm_prob_normal_t");

  private final Options options;
  private final boolean stored;
  private final String name;

  /** Products with stored matrices. */
  static OperatorsBench stored(Options options) {
    return new OperatorsBench("operators", options, true);
  }

  /** Products with regenerated matrices. */
  static OperatorsBench regenerated(Options options) {
    return new OperatorsBench("jit-connectivity", options, false);
  }

  private OperatorsBench(String name, Options options, boolean stored) {
    this.name = name;
    this.options = options;
    this.stored = stored;
  }

  /**
   * Measures all cells that are not too large; of others it says why on standard error.
   *
   * @throws IllegalArgumentException if that leaves none, or an operator has no cell at any p
   */
  void run(Consumer<Map<String, Object>> print) {
    List<Double> ps = options.numbers("p", stored ? "0.01,0.1,1" : "0.01", 0, 1);
    requireCells(ps);
    var bench =
        new ProductBench(
            Backends.named(options.text("backend", "auto"), options.count("threads", 1, 1)),
            options.count("rounds", 5, 1),
            options.number("seconds", 1));
    var left = new ArrayList<String>();
    int measured = 0;
    for (int n : sizes()) {
      for (double p : ps) {
        for (Choice choice : choices(n, p)) {
          String why = measure(bench, choice, print);
          if (why.isEmpty()) {
            measured++;
          } else {
            left.add("left out: %s, n %d, p %s: %s".formatted(choice.operator, n, p, why));
          }
        }
      }
    }
    if (measured == 0) {
      throw new IllegalArgumentException("nothing is measured\n" + String.join("\n", left));
    }
    left.forEach(System.err::println);
  }

  /** Prints a line, or returns why there is none. */
  private String measure(ProductBench bench, Choice c, Consumer<Map<String, Object>> print) {
    double most = options.number("work", 2e10);
    double work = (double) c.n * c.n * c.p * c.batch * c.fraction;
    if (work > most) {
      return "%.2g events are above --work %.2g".formatted(work, most);
    }
    long seed = options.count("seed", 1, 0);
    var line = new LinkedHashMap<String, Object>();
    line.put("name", name);
    try {
      line.putAll(bench.measure(cell(c), seed));
    } catch (IllegalArgumentException e) { // a size that does not fit
      return e.getMessage();
    } catch (OutOfMemoryError e) { // what was being built is gone, so others may still fit
      return Main.outOfMemory(e, stored ? "jit-connectivity" : "smaller batches");
    }
    line.put("threads", options.count("threads", 1, 1));
    line.put("p", c.p);
    line.put("seed", seed);
    print.accept(line);
    return "";
  }

  /** Refuses an operator that was named although no p has it. */
  private void requireCells(List<Double> ps) {
    for (String operator : operators()) {
      if (options.has("operators") && ps.stream().noneMatch(p -> exists(operator, p))) {
        throw new IllegalArgumentException(
            "--operators: %s has no cell at --p %s: dense operators are measured at p = 1, sparse ones below"
                .formatted(operator, options.text("p", "")));
      }
    }
  }

  private boolean exists(String operator, double p) {
    return !stored || operator.contains("dense") == (p == 1);
  }

  private List<String> operators() {
    List<String> known = stored ? STORED : REGENERATED;
    List<String> named = options.words("operators", String.join(",", known));
    for (String operator : named) {
      if (!known.contains(operator)) {
        throw new IllegalArgumentException("--operators: no " + operator + "; known: " + known);
      }
    }
    return named;
  }

  private List<Integer> sizes() {
    String all =
        stored
            ? "2000,4000,6000,8000,10000,20000,30000,40000,50000,60000"
            : "10000,20000,50000,100000,300000,1000000";
    return options.counts("sizes", all);
  }

  /** A cell by what options say of it; that its size is too large shows when it is made. */
  private record Choice(String operator, int n, double p, int batch, double fraction) {}

  private List<Choice> choices(int n, double p) {
    var choices = new ArrayList<Choice>();
    for (String operator : operators()) {
      if (!exists(operator, p)) {
        continue;
      }
      boolean events = operator.startsWith("event");
      boolean matrix = operator.contains("mm");
      for (int batch : matrix ? options.counts("batches", "16,64") : List.of(1)) {
        String fractions = stored ? "0.001,0.01,0.1" : "0.01";
        for (double f : events ? options.numbers("fractions", fractions, 0, 1) : List.of(1.0)) {
          choices.add(new Choice(operator, n, p, batch, f));
        }
      }
    }
    return choices;
  }

  private ProductBench.Cell cell(Choice c) {
    Form form = form(c.operator, c.n, c.p).withBatch(c.batch);
    return new ProductBench.Cell(c.operator, form, c.fraction);
  }

  private Form form(String operator, int n, double p) {
    boolean dense = operator.contains("dense");
    Connectivity plain = dense ? new AllToAll(n, n) : new Bernoulli(n, n, p);
    Connectivity law =
        operator.contains("_uniform")
            ? Weighted.uniform(plain, 0, 0.1)
            : operator.contains("_normal") ? Weighted.normal(plain, 0, 0.1) : plain;
    boolean events = operator.startsWith("event");
    boolean along = events || operator.endsWith("_t");
    Form form =
        Form.of(
            law, along ? Direction.ALONG : Direction.AGAINST, events ? Input.EVENTS : Input.VECTOR);
    return dense || operator.contains("_weights")
        ? form.withStorage(Rows.Storage.STORED).withWeights(Weights.PER_SYNAPSE)
        : form.withStorage(stored ? Rows.Storage.STORED : Rows.Storage.REGENERATED);
  }
}
