package spindle.sweep;

import java.util.List;
import java.util.Set;

/** Applies {@code --set a.b=c} arguments to a document; the later one wins, and all win over it. */
final class Overrides {
  private static final Set<String> AXIS_KEYS =
      Set.of("values", "lin", "log", "geom", "choice", "n", "round", "stage", "when");

  private final Problems problems;

  Overrides(Problems problems) {
    this.problems = problems;
  }

  Node.Mapping apply(Node.Mapping document, List<String> arguments) {
    Node.Mapping result = document;
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      if (equals < 1) {
        problems.add(At.override(argument), "expected KEY=VALUE, e.g. replicates.n=2");
      } else {
        result = apply(result, argument, equals);
      }
    }
    return result;
  }

  private Node.Mapping apply(Node.Mapping document, String argument, int equals) {
    List<String> path = path(document, argument.substring(0, equals).strip());
    return YamlTree.ofOverride(argument, argument.substring(equals + 1), problems)
        .map(value -> set(freed(document, path), path, At.override(argument), value))
        .orElse(document);
  }

  /** Splits at dots, but keeps the dotted names of parameters together. */
  private static List<String> path(Node.Mapping document, String key) {
    int dot = key.indexOf('.');
    String top = dot < 0 ? key : key.substring(0, dot);
    if (dot < 0 || !Set.of("fixed", "axes", "derive").contains(top)) {
      return List.of(key.split("\\.", -1));
    }
    String name = key.substring(dot + 1);
    int last = name.lastIndexOf('.');
    boolean insideAxis =
        top.equals("axes")
            && last > 0
            && AXIS_KEYS.contains(name.substring(last + 1))
            && child(document, "axes").entry(name.substring(0, last)).isPresent();
    return insideAxis
        ? List.of(top, name.substring(0, last), name.substring(last + 1))
        : List.of(top, name);
  }

  /** Fixing a parameter that the file sweeps, or sweeping one that it fixes, replaces it. */
  private static Node.Mapping freed(Node.Mapping document, List<String> path) {
    String other = path.get(0).equals("fixed") ? "axes" : "fixed";
    boolean parameter = path.size() > 1 && Set.of("fixed", "axes").contains(path.get(0));
    if (!parameter || child(document, other).entry(path.get(1)).isEmpty()) {
      return document;
    }
    Node.Mapping rest = child(document, other).without(path.get(1));
    return rest.entries().isEmpty()
        ? document.without(other)
        : document.with(new Node.Entry(document.entry(other).orElseThrow().at(), other, rest));
  }

  private static Node.Mapping set(Node.Mapping mapping, List<String> path, At at, Node value) {
    String key = path.get(0);
    if (path.size() == 1) {
      return mapping.with(new Node.Entry(at, key, value));
    }
    Node.Mapping inner = set(child(mapping, key), path.subList(1, path.size()), at, value);
    At keyAt = mapping.entry(key).map(Node.Entry::at).orElse(at);
    return mapping.with(new Node.Entry(keyAt, key, inner));
  }

  private static Node.Mapping child(Node.Mapping mapping, String key) {
    return mapping
        .entry(key)
        .filter(e -> e.value() instanceof Node.Mapping)
        .map(e -> (Node.Mapping) e.value())
        .orElseGet(() -> new Node.Mapping(mapping.at(), List.of()));
  }
}
