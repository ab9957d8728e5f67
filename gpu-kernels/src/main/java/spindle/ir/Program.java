package spindle.ir;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;

/**
 * One time step: equations in order, each computed once, then updates of variables all at once.
 *
 * @param name for listings
 * @param parameters scalar arguments by name
 * @param variables state, in order of declaration
 * @param rows connectivities that PROPAGATE names
 * @param equations in order of evaluation
 * @param updates at most one per variable
 */
public record Program(
    String name,
    Map<String, DType> parameters,
    List<Variable> variables,
    List<Rows> rows,
    List<Equation> equations,
    List<Update> updates) {

  public Program {
    parameters = Collections.unmodifiableMap(new TreeMap<>(parameters));
    variables = List.copyOf(variables);
    rows = List.copyOf(rows);
    equations = List.copyOf(equations);
    updates = List.copyOf(updates);
  }

  /** The variable with this name. */
  public Variable variable(String variable) {
    // Probes look up state while a simulation runs: without an iterator, which would be an object.
    for (int n = 0; n < variables.size(); n++) {
      if (variables.get(n).name().equals(variable)) {
        return variables.get(n);
      }
    }
    throw new NoSuchElementException(name + " has no variable " + variable);
  }

  /** The rows with this name. */
  public Rows rows(String projection) {
    return rows.stream()
        .filter(r -> r.name().equals(projection))
        .findFirst()
        .orElseThrow(() -> new NoSuchElementException(name + " has no rows " + projection));
  }

  /** The equation at a place. */
  public Equation at(int place) {
    return equations.get(place);
  }

  /** SHA-256 of the listing: equal programs, and only they, have equal hashes. */
  public String hash() {
    return Sha256.hex(toString());
  }

  /** The listing, one line per declaration, equation and update. */
  @Override
  public String toString() {
    var text = new StringBuilder("program ").append(name).append('\n');
    parameters.forEach(
        (p, t) -> text.append("param ").append(p).append(' ').append(t).append('\n'));
    for (Variable v : variables) {
      text.append("var ").append(v.name()).append(' ').append(v.type());
      text.append(v.history() > 1 ? " history " + v.history() : "").append('\n');
    }
    for (Rows r : rows) {
      text.append("rows ").append(r.name()).append(' ').append(r.rows()).append('x');
      text.append(r.columns()).append(r.byPost() ? " by post" : " by pre");
      text.append(r.delayed() ? " longest " + r.longest() : "").append(" chunks ");
      text.append(r.chunks()).append(' ').append(r.storage()).append(" {\n");
      r.tables()
          .forEach((t, v) -> text.append("  table ").append(t).append(' ').append(v).append('\n'));
      text.append(r.body().toString().indent(2)).append("}\n");
    }
    for (int i = 0; i < equations.size(); i++) {
      text.append('%').append(i).append(" = ").append(equations.get(i)).append('\n');
    }
    updates.forEach(u -> text.append(u.variable()).append(" <- %").append(u.value()).append('\n'));
    return text.toString();
  }
}
