package spindle.sweep;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A YAML document whose every part knows where it was written. */
sealed interface Node {
  At at();

  /** A single value; its text is what stands in the file, {@code no} and {@code 1e-8} included. */
  record Scalar(At at, String text) implements Node {}

  /** A list. */
  record Sequence(At at, List<Node> items) implements Node {
    public Sequence {
      items = List.copyOf(items);
    }
  }

  /** Keys with values, in file order. */
  record Mapping(At at, List<Entry> entries) implements Node {
    public Mapping {
      entries = List.copyOf(entries);
    }

    Optional<Entry> entry(String key) {
      return entries.stream().filter(e -> e.key().equals(key)).findFirst();
    }

    /** A copy with one key set; a new key goes to the end. */
    Mapping with(Entry entry) {
      var copy = new ArrayList<>(entries);
      for (int i = 0; i < copy.size(); i++) {
        if (copy.get(i).key().equals(entry.key())) {
          copy.set(i, entry);
          return new Mapping(at, copy);
        }
      }
      copy.add(entry);
      return new Mapping(at, copy);
    }

    Mapping without(String key) {
      return new Mapping(at, entries.stream().filter(e -> !e.key().equals(key)).toList());
    }
  }

  /** One key of a mapping. */
  record Entry(At at, String key, Node value) {}

  /** The node as it could be written on one line, for messages. */
  default String inline() {
    if (this instanceof Scalar s) {
      return s.text().isEmpty() ? "nothing" : s.text();
    }
    if (this instanceof Sequence s) {
      return s.items().stream().map(Node::inline).collect(Collectors.joining(", ", "[", "]"));
    }
    return ((Mapping) this)
        .entries().stream()
            .map(e -> e.key() + ": " + e.value().inline())
            .collect(Collectors.joining(", ", "{", "}"));
  }

  /** What the node is, for messages. */
  default String kind() {
    if (this instanceof Scalar s) {
      return s.text().isEmpty() ? "nothing" : "\"" + s.text() + "\"";
    }
    return this instanceof Sequence ? "a list" : "keys with values";
  }
}
