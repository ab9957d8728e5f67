package spindle.connect;

import java.util.Map;
import spindle.ir.DType;
import spindle.ir.Deviates;
import spindle.ir.Expr;
import spindle.ir.Op;
import spindle.ir.Rows;

/**
 * Each presynaptic neuron has exactly {@code degree} distinct targets, chosen uniformly.
 *
 * @param pre number of presynaptic neurons
 * @param post number of postsynaptic neurons
 * @param degree targets per presynaptic neuron
 */
public record FixedOutDegree(int pre, int post, int degree) implements Connectivity {
  public FixedOutDegree {
    Connectivity.requireSizes(pre, post);
    Connectivity.requireColumns(post);
    if (degree < 0 || degree > post) {
      throw new IllegalArgumentException("out-degree must be in [0, " + post + "], got " + degree);
    }
  }

  @Override
  public Rows rows(String name, Rows.Storage storage) {
    return rows(name, pre, post, false, storage);
  }

  /** Rows of {@code degree} distinct columns each, by pre or by post. */
  static Rows rows(String name, int rows, int columns, boolean byPost, Rows.Storage storage) {
    var t = new RowTrace(name, "fixed-degree");
    var permutation = new Permutation(Math.max(1, columns));
    Deviates.Keys keys = t.keys("targets").at(t.row(), t.integer(0));
    Expr column = permutation.image(t.cursor(), keys);
    Expr inside = column.minus(columns);
    t.output(Rows.FIRST, t.integer(0))
        .output(Rows.END, t.integer(permutation.cells()))
        .output(Rows.LIMIT, t.parameter("degree", DType.I32))
        .output(Rows.COLUMN, column)
        .output(Rows.ACCEPT, inside.apply(Op.SHR, inside.like(31)))
        .output(Rows.NEXT, t.cursor().plus(1));
    return new Rows(name, rows, columns, 1, byPost, storage, t.finish());
  }

  static Map<String, Double> arguments(String name, int degree, long seed) {
    Map<String, Double> arguments = RowTrace.keyArguments(name, "targets", seed);
    arguments.put(name + ".degree", (double) degree);
    return arguments;
  }

  @Override
  public Map<String, Double> arguments(String name, long seed) {
    return arguments(name, degree, seed);
  }

  @Override
  public double expectedSynapses() {
    return (double) pre * degree;
  }
}
