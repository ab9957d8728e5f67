package spindle.sim;

import java.util.Map;
import java.util.Set;
import spindle.backend.Arguments;
import spindle.backend.Backend;
import spindle.backend.Executable;
import spindle.ir.DType;
import spindle.ir.Direction;
import spindle.ir.Expr;
import spindle.ir.Rows;
import spindle.ir.Trace;
import spindle.ir.Type;
import spindle.ir.Variable;

/** What is to be known of synapses before a program with a weight for each can be written. */
public final class Synapses {
  private Synapses() {}

  /**
   * How many there are.
   *
   * @param arguments values of the parameters of the rows
   */
  public static long count(Rows rows, Map<String, Double> arguments, Backend backend) {
    var trace = new Trace("synapses of " + rows.name());
    var sources = Variable.of("x", Type.vector(DType.F32, rows.sources()));
    Expr x = trace.load(trace.declare(sources).name());
    Expr y = trace.propagate(x, rows, Direction.ALONG, DType.F32);
    trace.declare(Variable.of("y", y.type()));
    trace.store("y", y);
    try (Executable all = backend.load(trace.finish(), new Arguments(arguments, Set.of(), true))) {
      return all.synapses(rows.name());
    }
  }
}
