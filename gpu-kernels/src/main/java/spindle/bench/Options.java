package spindle.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Command-line options of the form {@code --name value} or {@code --flag}.
 *
 * <p>Parsed by hand because a parser library would take a third of the measured cold start.
 */
final class Options {
  private static final Set<String> FLAGS = Set.of("json", "help");
  private final Map<String, String> values = new LinkedHashMap<>();

  /**
   * @throws IllegalArgumentException naming an option that is unknown or lacks its value
   */
  Options(String[] args, int from, Set<String> known) {
    for (int i = from; i < args.length; i++) {
      String name = args[i].startsWith("--") ? args[i].substring(2) : "";
      if (FLAGS.contains(name)) {
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

  int count(String name, int fallback) {
    String text = values.get(name);
    try {
      return text == null ? fallback : Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("--" + name + " takes a whole number, got " + text, e);
    }
  }
}
