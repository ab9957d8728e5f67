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
    return positiveZeros(out);
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
    return positiveZeros(out);
  }

  /** Sums that underflowed to -0 become 0, so that it does not matter what was added as 0. */
  private static double[] positiveZeros(double[] sums) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += 0.0;
    }
    return sums;
  }

  /** The sum of before and x w, rounded once; nothing where x is 0. */
  private static double plusProduct(DType dtype, double sum, double x, double w) {
    if (x == 0) {
      return sum;
    }
    return dtype == DType.F32 ? Math.fma((float) x, (float) w, (float) sum) : Math.fma(x, w, sum);
  }
}
