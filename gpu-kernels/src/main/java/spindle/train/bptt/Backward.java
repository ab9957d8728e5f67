package spindle.train.bptt;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import spindle.backend.Arguments;
import spindle.backend.Backend;
import spindle.backend.Executable;
import spindle.backend.Snapshot;
import spindle.grad.Adjoint;
import spindle.grad.Inputs;
import spindle.ir.DType;
import spindle.ir.Program;
import spindle.ir.Variable;

/** The adjoint of a program at work, with its cotangents. */
final class Backward implements AutoCloseable {
  private final Adjoint adjoint;
  private final Executable executable;

  /** Zeros: of all cotangents and gradients, and of the cotangents of what steps update. */
  private final Snapshot all;

  private final Snapshot moved;
  private final Snapshot now;

  /** Cotangents of what the first step began with. */
  private final Snapshot initial;

  /**
   * @param moving the variables that steps update
   */
  Backward(Adjoint adjoint, List<Variable> moving, Map<String, Double> scalars, Backend backend) {
    this.adjoint = adjoint;
    this.executable = backend.load(adjoint.program(), new Arguments(scalars, Set.of()));
    var everything = new ArrayList<>(adjoint.cotangents());
    everything.addAll(adjoint.gradients());
    this.all = new Snapshot(everything);
    Set<String> bars = moving.stream().flatMap(Backward::bars).collect(Collectors.toSet());
    List<Variable> moved =
        adjoint.cotangents().stream()
            .filter(c -> bars.contains(c.name()) || Adjoint.isLate(c.name()))
            .toList();
    this.moved = new Snapshot(moved);
    this.initial = new Snapshot(moved);
    this.now = new Snapshot(moved);
  }

  /** Names of the cotangents of a variable: of events one for each step of their history. */
  private static Stream<String> bars(Variable v) {
    return v.type().dtype() == DType.EVENTS
        ? IntStream.rangeClosed(1, v.history()).mapToObj(d -> Adjoint.bar(v.name(), d))
        : Stream.of(Adjoint.bar(v.name()));
  }

  /** What of {@code by} a program has, and can be differentiated by. */
  static Inputs inputs(Program p, Inputs by, Set<String> more) {
    Inputs possible = Inputs.all(p);
    var variables = new TreeSet<>(by.variables());
    variables.addAll(more);
    variables.retainAll(possible.variables());
    var parameters = new TreeSet<>(by.parameters());
    parameters.retainAll(possible.parameters());
    return new Inputs(variables, parameters);
  }

  Adjoint adjoint() {
    return adjoint;
  }

  Executable executable() {
    return executable;
  }

  /** Forgets all cotangents and gradients. */
  void reset() {
    executable.restore(all);
  }

  /** Forgets the cotangents of what steps update. */
  void cut() {
    executable.restore(moved);
  }

  /** Keeps the cotangents of what the first step began with. */
  void keepInitial() {
    executable.save(initial);
  }

  /** The cotangents of what steps update, as they are now. */
  Snapshot moved() {
    executable.save(now);
    return now;
  }

  /** Room for the cotangents that this and another adjoint have in common, of what steps update. */
  Snapshot shared(Backward other) {
    return new Snapshot(
        moved.names().stream()
            .filter(other.moved.names()::contains)
            .map(adjoint.program()::variable)
            .toList());
  }

  /** Adds the elements of a cotangent or gradient where there is one. */
  void add(String name, double[] sum) {
    if (!all.names().contains(name)) {
      return;
    }
    Variable v = adjoint.program().variable(name);
    var value = new Snapshot(List.of(v));
    executable.save(value);
    Object array = moved.names().contains(name) ? initial.array(name) : value.array(name);
    for (int i = 0; i < sum.length; i++) {
      sum[i] += Array.getDouble(array, i);
    }
  }

  long bytes() {
    return executable.bytes();
  }

  @Override
  public void close() {
    executable.close();
  }
}
