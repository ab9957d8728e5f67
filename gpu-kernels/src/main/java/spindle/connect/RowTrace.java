package spindle.connect;

import java.util.HashMap;
import java.util.Map;
import spindle.ir.DType;
import spindle.ir.Deviates;
import spindle.ir.Expr;
import spindle.ir.Key;
import spindle.ir.Program;
import spindle.ir.Rows;
import spindle.ir.Table;
import spindle.ir.Trace;
import spindle.ir.Type;
import spindle.ir.Variable;

/** Traces the body of a row loop. */
final class RowTrace {
  private final String name;
  private final Trace trace;

  RowTrace(String name, String law) {
    this.name = name;
    this.trace = new Trace(law);
  }

  Expr row() {
    return trace.parameter(Rows.ROW, DType.I32);
  }

  Expr chunk() {
    return trace.parameter(Rows.CHUNK, DType.I32);
  }

  Expr k() {
    return trace.parameter(Rows.K, DType.I32);
  }

  Expr cursor() {
    return trace.parameter(Rows.CURSOR, DType.I32);
  }

  Expr integer(int value) {
    return trace.constant(DType.I32, value);
  }

  Expr parameter(String parameter, DType dtype) {
    return trace.parameter(name + "." + parameter, dtype);
  }

  /** An element of a table that the rows must be given. */
  Expr lookUp(String as, Table table, Expr index) {
    return trace.gather(trace.load(trace.declare(Variable.of(as, table.type())).name()), index);
  }

  /** The keys of the stream that draws this connectivity. */
  Deviates.Keys keys(String stream) {
    return Deviates.Keys.parameters(trace, name + "." + stream);
  }

  /** The arguments for {@link #keys}. */
  static Map<String, Double> keyArguments(String name, String stream, long seed) {
    Key key = Key.of(seed, name + "." + stream);
    var arguments = new HashMap<String, Double>();
    arguments.put(name + "." + stream + ".key0", (double) key.k0());
    arguments.put(name + "." + stream + ".key1", (double) key.k1());
    return arguments;
  }

  /** Sets an output of the loop. */
  RowTrace output(String output, Expr value) {
    trace.declare(Variable.of(output, Type.scalar(value.type().dtype())));
    trace.store(output, value);
    return this;
  }

  /** Repeats another body and returns its outputs. */
  Map<String, Expr> inline(Program body) {
    return trace.inline(body);
  }

  Program finish() {
    return trace.finish();
  }
}
