package spindle.backend.reference;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import spindle.ir.DType;
import spindle.ir.Direction;
import spindle.ir.Equation;
import spindle.ir.Meaning;
import spindle.ir.Program;
import spindle.ir.Rows;

/** Products with connectivities, one synapse after the other. */
final class Product {
  private final Program program;
  private final Map<String, Double> scalars;
  private final Map<String, List<List<RowWalk.Synapse>>> matrices = new HashMap<>();

  Product(Program program, Map<String, Double> scalars) {
    this.program = program;
    this.scalars = scalars;
  }

  /** The synapses of some rows by source, targets ascending. */
  List<List<RowWalk.Synapse>> matrix(String rows) {
    return matrices.computeIfAbsent(rows, name -> RowWalk.bySource(program.rows(name), scalars));
  }

  /** Visits synapse {@code number} from i to j. */
  private interface Visitor {
    void synapse(int number, int i, int j, double weight);
  }

  private void each(String rows, Visitor visitor) {
    int number = 0;
    List<List<RowWalk.Synapse>> bySource = matrix(rows);
    for (int i = 0; i < bySource.size(); i++) {
      for (RowWalk.Synapse s : bySource.get(i)) {
        visitor.synapse(number++, i, s.column(), s.weight());
      }
    }
  }

  /** PROPAGATE, or TRANSMIT where there are weights. */
  double[] propagate(Equation e, double[] x, double[] weights) {
    Rows rows = program.rows(e.name());
    boolean along = Direction.of(e) == Direction.ALONG;
    int batch = Direction.of(e).batch(rows, x.length);
    DType dtype = e.type().dtype();
    var out = new double[e.type().length()];
    boolean own = weights.length == 0;
    each(
        e.name(),
        (number, i, j, weight) -> {
          double w = Meaning.round(dtype, own ? weight : weights[number]);
          for (int b = 0; b < batch; b++) {
            int from = (along ? i : j) * batch + b;
            int to = (along ? j : i) * batch + b;
            out[to] = plusProduct(dtype, out[to], x[from], w);
          }
        });
    return out;
  }

  /** PAIR. */
  double[] pair(Equation e, double[] pre, double[] post) {
    int batch = Direction.ALONG.batch(program.rows(e.name()), pre.length);
    DType dtype = e.type().dtype();
    var out = new double[e.type().length()];
    each(
        e.name(),
        (number, i, j, weight) -> {
          for (int b = 0; b < batch; b++) {
            out[number] = plusProduct(dtype, out[number], pre[i * batch + b], post[j * batch + b]);
          }
        });
    return out;
  }

  private static double plusProduct(DType dtype, double sum, double x, double w) {
    return x == 0 ? sum : Meaning.round(dtype, sum + Meaning.round(dtype, x * w));
  }
}
