package spindle.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import spindle.backend.Backend;
import spindle.backend.cuda.CudaBackend;
import spindle.compile.ptx.Kernels.Shape;
import spindle.sim.Backends;

/**
 * Command-line options of the form {@code --name value} or {@code --flag}.
 *
 * <p>Parsed by hand because a parser library would take a third of the measured cold start.
 */
final class Options {
  /** How a program can be spread over a GPU. */
  static final List<String> SHAPES =
      Stream.of(Shape.values()).map(s -> s.name().toLowerCase(Locale.ROOT)).toList();

  private static final Set<String> FLAGS = Set.of("json", "small");
  private final Map<String, String> values = new LinkedHashMap<>();

  /**
   * @throws IllegalArgumentException naming an option that is unknown or lacks its value
   */
  Options(String[] args, int from, Set<String> known) {
    for (int i = from; i < args.length; i++) {
      String name = args[i].startsWith("--") ? args[i].substring(2) : "";
      if (FLAGS.contains(name) && (name.equals("json") || known.contains(name))) {
        values.put(name, "true");
      } else if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "unknown option " + args[i] + "; known: --" + String.join(", --", known));
      } else if (i + 1 == args.length) {
        throw new IllegalArgumentException(args[i] + " needs a value");
      } else {
        values.put(name, args[++i]);
      }
    }
  }

  /**
   * The backend of {@code --backend}, {@code --threads} and, on a GPU, {@code --shape}.
   *
   * @throws IllegalArgumentException if it cannot be used here, or has no such shape
   */
  Backend backend() {
    Backend named = Backends.named(text("backend", "auto"), count("threads", 1, 1));
    String shape = text("shape", "auto");
    if (shape.equals("auto")) {
      return named;
    }
    if (!(named instanceof CudaBackend cuda)) {
      throw new IllegalArgumentException("--shape " + shape + " needs --backend cuda");
    }
    return new CudaBackend(cuda.on(), Optional.of(shape(shape)));
  }

  /** The shape with this name. */
  static Shape shape(String name) {
    if (!SHAPES.contains(name)) {
      throw new IllegalArgumentException("no shape " + name + "; known: " + SHAPES);
    }
    return Shape.valueOf(name.toUpperCase(Locale.ROOT));
  }

  /** The options as they were given, but some. */
  List<String> without(Set<String> some) {
    var all = new ArrayList<String>();
    values.forEach(
        (name, value) -> {
          if (!some.contains(name) && !name.equals("json")) {
            all.add("--" + name);
            all.addAll(FLAGS.contains(name) ? List.of() : List.of(value));
          }
        });
    return all;
  }

  /** Whether an option was given. */
  boolean has(String name) {
    return values.containsKey(name);
  }

  String text(String name, String fallback) {
    return values.getOrDefault(name, fallback);
  }

  List<String> words(String name, String fallback) {
    return List.of(text(name, fallback).split(","));
  }

  List<Double> numbers(String name, String fallback) {
    return words(name, fallback).stream().map(w -> number(name, w)).toList();
  }

  double number(String name, double fallback) {
    return values.containsKey(name) ? number(name, values.get(name)) : fallback;
  }

  private static double number(String name, String text) {
    try {
      return Double.parseDouble(text.trim());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("--" + name + " takes numbers, got " + text, e);
    }
  }

  /** Numbers in {@code (low, high]}. */
  List<Double> numbers(String name, String fallback, double low, double high) {
    List<Double> numbers = numbers(name, fallback);
    for (double x : numbers) {
      if (!(x > low && x <= high)) {
        throw new IllegalArgumentException(
            "--%s takes numbers above %s up to %s, got %s".formatted(name, low, high, x));
      }
    }
    return numbers;
  }

  /** Whole numbers, at least 1. */
  List<Integer> counts(String name, String fallback) {
    return words(name, fallback).stream().map(w -> count(name, w, 1)).toList();
  }

  /** A whole number, at least {@code least}. */
  int count(String name, int fallback, int least) {
    return count(name, text(name, Integer.toString(fallback)), least);
  }

  private static int count(String name, String text, int least) {
    try {
      int count = Integer.parseInt(text.trim());
      if (count >= least) {
        return count;
      }
    } catch (NumberFormatException e) {
      // said below, as for a number that is too small
    }
    throw new IllegalArgumentException(
        "--%s takes whole numbers from %d to %d, got %s"
            .formatted(name, least, Integer.MAX_VALUE, text));
  }
}
