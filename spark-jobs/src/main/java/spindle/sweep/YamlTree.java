package spindle.sweep;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads YAML into nodes that keep their places; reports duplicate keys and goes on. */
final class YamlTree {
  /** Deeper than any sweep needs; ends self-referring anchors. */
  private static final int MAX_DEPTH = 12;

  private static final LoadSettings SETTINGS =
      LoadSettings.builder().setUseMarks(true).setParseComments(false).build();

  private final String source;
  private final List<At> whole;
  private final Problems problems;

  private YamlTree(String source, List<At> whole, Problems problems) {
    this.source = source;
    this.whole = whole;
    this.problems = problems;
  }

  /** The document in a file; empty if it is no YAML, which is then reported. */
  static Optional<Node> ofFile(String source, String text, Problems problems) {
    return new YamlTree(source, List.of(), problems).read(text);
  }

  /** The value of a {@code --set} argument; every node carries the argument as its place. */
  static Optional<Node> ofOverride(String argument, String text, Problems problems) {
    return new YamlTree(argument, List.of(At.override(argument)), problems).read(text);
  }

  private Optional<Node> read(String text) {
    try {
      var root = new Compose(SETTINGS).composeString(text);
      return Optional.of(
          root.map(n -> node(n, 0)).orElseGet(() -> new Node.Scalar(place(Optional.empty()), "")));
    } catch (MarkedYamlEngineException e) {
      problems.add(place(e.getProblemMark()), "not valid YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      problems.add(place(Optional.empty()), "not valid YAML: " + e.getMessage());
    }
    return Optional.empty();
  }

  private Node node(org.snakeyaml.engine.v2.nodes.Node node, int depth) {
    At at = place(node.getStartMark());
    if (depth > MAX_DEPTH) {
      problems.add(at, "nested deeper than " + MAX_DEPTH + " levels");
      return new Node.Scalar(at, "");
    }
    if (node instanceof ScalarNode scalar) {
      return new Node.Scalar(at, scalar.getValue());
    }
    if (node instanceof SequenceNode list) {
      return new Node.Sequence(
          at, list.getValue().stream().map(item -> node(item, depth + 1)).toList());
    }
    return mapping(at, ((MappingNode) node).getValue(), depth);
  }

  private Node mapping(At at, List<NodeTuple> tuples, int depth) {
    var entries = new ArrayList<Node.Entry>();
    var seen = new HashSet<String>();
    for (NodeTuple tuple : tuples) {
      At keyAt = place(tuple.getKeyNode().getStartMark());
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        problems.add(keyAt, "a key must be a word, got a list or a mapping");
      } else if (!seen.add(key.getValue())) {
        problems.add(keyAt, "duplicate key \"" + key.getValue() + "\"");
      } else {
        entries.add(new Node.Entry(keyAt, key.getValue(), node(tuple.getValueNode(), depth + 1)));
      }
    }
    return new Node.Mapping(at, entries);
  }

  private At place(Optional<Mark> mark) {
    if (!whole.isEmpty()) {
      return whole.get(0);
    }
    int line = mark.map(Mark::getLine).orElse(0);
    return new At(source, line + 1, mark.map(Mark::getColumn).orElse(0) + 1);
  }
}
