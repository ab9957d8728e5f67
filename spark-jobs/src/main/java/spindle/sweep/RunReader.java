package spindle.sweep;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import spindle.sweep.Selection.Sampling.Method;
import spindle.task.Parameter;
import spindle.task.Unit;
import spindle.task.Value;

/** Reads what says how a sweep is run: replicates, sampling, execution, budget and output. */
final class RunReader {
  private static final int MAX_REPLICATES = 1_000_000;
  private static final Parameter MAX_FRACTION =
      Parameter.number("max_fraction", "1", 0, 1, "share of failed trials");
  private static final Parameter OUTPUT_GB =
      Parameter.number("output_gb", "1", 0, 1e9, "size of recordings");

  private final Problems problems;

  RunReader(Problems problems) {
    this.problems = problems;
  }

  /** How a sweep is run. */
  record Run(
      Sweep.Replicates replicates,
      Selection.Sampling sampling,
      Sweep.Execution execution,
      Sweep.Budget budget,
      Output output) {}

  /** Where results go and which earlier ones count. */
  record Output(String root, Sweep.Reuse reuse) {}

  Run read(Keys top, List<String> axes) {
    return new Run(replicates(top), sampling(top, axes), execution(top), budget(top), output(top));
  }

  private Sweep.Replicates replicates(Keys top) {
    boolean given = top.take("replicates").isPresent();
    Keys keys = top.nested("replicates");
    long n = keys.whole("n", 1, 1);
    if (n > MAX_REPLICATES) {
      problems.add(keys.at(), "replicates.n: must be <= " + MAX_REPLICATES + ", got " + n);
    }
    long seed = seed(keys, given, "replicates");
    boolean common = keys.flag("common_random_numbers", true);
    keys.finish();
    return new Sweep.Replicates((int) Math.min(n, MAX_REPLICATES), seed, common);
  }

  private Selection.Sampling sampling(Keys top, List<String> axes) {
    Keys keys = top.nested("sampling");
    List<String> words =
        Arrays.stream(Method.values()).map(m -> m.name().toLowerCase(Locale.ROOT)).toList();
    String word = keys.word("method", words, List.of("halton"));
    var method = Method.valueOf(word.toUpperCase(Locale.ROOT));
    if (method == Method.GRID) {
      boolean later = keys.take("method").flatMap(keys::text).orElse(word).equals("halton");
      for (String key : List.of("n", "seed", "over")) {
        Optional<Field> field = keys.take(key).filter(f -> !later);
        field.ifPresent(
            f -> problems.add(f.keyAt(), f.path() + ": not for method grid; say method: random"));
      }
      keys.finish("scramble_seed");
      // Axes of a method still to come are read as sampled ones, so that they raise no errors.
      return later ? new Selection.Sampling(Method.RANDOM, 1, 0, axes) : Selection.Sampling.GRID;
    }
    if (keys.take("n").isEmpty()) {
      problems.add(keys.at(), "sampling.n: is missing; say how many points to draw");
    }
    long n = keys.whole("n", 1, 1);
    long seed = seed(keys, true, "sampling");
    List<String> over = over(keys, axes);
    keys.finish("scramble_seed");
    if (method == Method.SOBOL && n > Integer.MAX_VALUE) {
      problems.add(keys.at(), "sampling.n: a Sobol sequence has at most 2147483647 points here");
    }
    return new Selection.Sampling(method, n, seed, over);
  }

  private Sweep.Execution execution(Keys top) {
    Keys keys = top.nested("execution");
    String backend = keys.word("backend", List.of("auto", "cpu", "cuda", "reference"), List.of());
    long partitions = keys.whole("partitions", 0, 0);
    String order = keys.word("order", List.of("longest_first", "plan"), List.of());
    Keys failures = keys.nested("failures");
    double fraction = number(failures.value(MAX_FRACTION));
    long sameError = failures.whole("same_error", 3, 0);
    String onAbort = failures.word("on_abort", List.of("drain", "cancel"), List.of());
    failures.finish("max_consecutive", "fail_fast");
    keys.finish("pack", "timeout", "retry", "cost_hint", "verify", "numerics");
    return new Sweep.Execution(
        backend,
        (int) Math.min(partitions, Integer.MAX_VALUE),
        fraction,
        (int) Math.min(sameError, Integer.MAX_VALUE),
        Sweep.Execution.Order.valueOf(order.toUpperCase(Locale.ROOT)),
        Sweep.Execution.OnAbort.valueOf(onAbort.toUpperCase(Locale.ROOT)));
  }

  private Sweep.Budget budget(Keys top) {
    Keys keys = top.nested("budget");
    boolean limited = keys.take("output_gb").isPresent();
    double gigabytes = number(keys.value(OUTPUT_GB));
    long trials = keys.whole("trials", Long.MAX_VALUE, 1);
    keys.finish("device_hours");
    return new Sweep.Budget(limited ? gigabytes * 1e9 : Double.POSITIVE_INFINITY, trials);
  }

  private Output output(Keys top) {
    Keys keys = top.nested("output");
    String root = keys.text("root", "results");
    RootAddress.refusal(root)
        .ifPresent(
            why ->
                problems.add(
                    keys.take("root").orElseThrow().at(), "output.root: \"" + root + "\": " + why));
    String reuse = keys.word("reuse", List.of("exact", "params", "none"), List.of());
    keys.finish("reuse_from", "format");
    return new Output(root, Sweep.Reuse.valueOf(reuse.toUpperCase(Locale.ROOT)));
  }

  private long seed(Keys keys, boolean required, String path) {
    Optional<Field> seed = keys.take("seed");
    if (required && seed.isEmpty()) {
      problems.add(keys.at(), path + ".seed: is missing; seeds are explicit, e.g. seed: 1");
    }
    return keys.whole("seed", 0, Long.MIN_VALUE);
  }

  private List<String> over(Keys keys, List<String> axes) {
    Optional<Field> field = keys.take("over");
    if (field.isEmpty()) {
      if (axes.isEmpty()) {
        problems.add(keys.at(), "sampling: there is no axis to sample");
      }
      return axes;
    }
    List<Field> items = keys.items(field.get());
    for (Field item : items) {
      Optional<String> name = keys.text(item);
      if (name.isPresent() && !axes.contains(name.get())) {
        problems.add(
            item.at(),
            item.path()
                + ": \""
                + name.get()
                + "\" is no axis"
                + Nearest.hintOrList(name.get(), axes));
      }
    }
    return items.stream().flatMap(i -> keys.text(i).stream()).distinct().toList();
  }

  private static double number(Value value) {
    return value instanceof Value.Real real ? real.quantity().in(Unit.ONE) : Double.NaN;
  }
}
