package spindle.sweep;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import spindle.task.Parameter;
import spindle.task.Value;

/** The keys of one mapping: each is taken once, what is left over is an error. */
final class Keys {
  private final String path;
  private final Node.Mapping mapping;
  private final Problems problems;
  private final Set<String> known = new LinkedHashSet<>();

  Keys(String path, Node.Mapping mapping, Problems problems) {
    this.path = path;
    this.mapping = mapping;
    this.problems = problems;
  }

  At at() {
    return mapping.at();
  }

  String path(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /** The value of a key, if it is there. */
  Optional<Field> take(String key) {
    known.add(key);
    return mapping.entry(key).map(e -> new Field(path(key), e.at(), e.value()));
  }

  /** A nested mapping; one without keys if it is absent or something else. */
  Keys nested(String key) {
    Node.Mapping inner =
        take(key).flatMap(this::mapping).orElseGet(() -> new Node.Mapping(at(), List.of()));
    return new Keys(path(key), inner, problems);
  }

  Optional<Node.Mapping> mapping(Field field) {
    if (field.value() instanceof Node.Mapping inner) {
      return Optional.of(inner);
    }
    return wrong(field, "expected keys with values, got " + field.value().kind());
  }

  /** The items of a list, named {@code path[0]}, {@code path[1]}, ... */
  List<Field> items(Field field) {
    if (!(field.value() instanceof Node.Sequence list)) {
      wrong(field, "expected a list, got " + field.value().kind());
      return List.of();
    }
    var items = new ArrayList<Field>();
    for (Node item : list.items()) {
      items.add(new Field(field.path() + "[" + items.size() + "]", item.at(), item));
    }
    return items;
  }

  Optional<String> text(Field field) {
    if (field.value() instanceof Node.Scalar scalar && !scalar.text().isEmpty()) {
      return Optional.of(scalar.text());
    }
    return wrong(field, "expected a value, got " + field.value().kind());
  }

  String text(String key, String fallback) {
    return take(key).flatMap(this::text).orElse(fallback);
  }

  /** One of some words; {@code later} are words of features that do not exist yet. */
  String word(String key, List<String> words, List<String> later) {
    Optional<Field> field = take(key);
    String word = field.flatMap(this::text).orElse(words.get(0));
    if (words.contains(word)) {
      return word;
    }
    String kind = later.contains(word) ? " is not supported yet; use " : ": expected ";
    String got = later.contains(word) ? "" : ", got \"" + word + "\"";
    String name = later.contains(word) ? path(key) + " \"" + word + "\"" : path(key);
    problems.add(field.orElseThrow().at(), name + kind + String.join(" or ", words) + got);
    return words.get(0);
  }

  boolean flag(String key, boolean fallback) {
    Optional<Field> field = take(key);
    String word = field.flatMap(this::text).orElse(Boolean.toString(fallback));
    if (!word.equals("true") && !word.equals("false")) {
      wrong(field.orElseThrow(), "expected true or false, got \"" + word + "\"");
    }
    return word.equals("true");
  }

  long whole(String key, long fallback, long min) {
    Optional<Field> field = take(key);
    Optional<String> text = field.flatMap(this::text);
    if (text.isEmpty()) {
      return fallback;
    }
    try {
      long value = Long.parseLong(text.get());
      if (value >= min) {
        return value;
      }
      wrong(field.orElseThrow(), "must be >= " + min + ", got " + value);
    } catch (NumberFormatException e) {
      boolean large = text.get().matches("[-+]?\\d{19,}");
      String rule = large ? "must be in [-2^63, 2^63 - 1]" : "expected a whole number";
      wrong(field.orElseThrow(), rule + ", got \"" + text.get() + "\"");
    }
    return fallback;
  }

  /** A number or quantity checked like a parameter of a task. */
  Value value(Parameter like) {
    return take(like.name())
        .flatMap(field -> value(field, like))
        .orElseGet(() -> Value.parse(like, like.fallback()));
  }

  Optional<Value> value(Field field, Parameter parameter) {
    return text(field)
        .flatMap(
            text -> {
              try {
                return Optional.of(Value.parse(parameter, text));
              } catch (IllegalArgumentException e) {
                return wrong(field, e.getMessage());
              }
            });
  }

  /** Reports every key that was not taken; {@code later} names keys of features still to come. */
  void finish(String... later) {
    for (Node.Entry entry : mapping.entries()) {
      if (known.contains(entry.key())) {
        continue;
      }
      if (List.of(later).contains(entry.key())) {
        problems.add(
            entry.at(), path(entry.key()) + ": \"" + entry.key() + "\" is not supported yet");
      } else {
        problems.add(
            entry.at(),
            path(entry.key()) + ": unknown key \"" + entry.key() + "\"" + remedy(entry));
      }
    }
  }

  private String remedy(Node.Entry entry) {
    boolean parameter = path.isEmpty() && !entry.at().inFile();
    return parameter && Nearest.to(entry.key(), known).isEmpty()
        ? "; a parameter is set by fixed.NAME=VALUE"
        : Nearest.hintOrList(entry.key(), known);
  }

  private <T> Optional<T> wrong(Field field, String message) {
    problems.add(field.at(), field.path() + ": " + message);
    return Optional.empty();
  }
}
