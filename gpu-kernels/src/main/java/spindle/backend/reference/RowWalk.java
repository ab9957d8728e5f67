package spindle.backend.reference;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import spindle.ir.Equation;
import spindle.ir.Meaning;
import spindle.ir.Op;
import spindle.ir.Program;
import spindle.ir.Rows;
import spindle.ir.Update;

/** The row loop of {@link Rows}, walked by evaluating its whole body at every turn. */
final class RowWalk {
  private final Rows rows;
  private final Map<String, Double> inputs;
  private final double[] values;

  /** One synapse of a row. */
  record Synapse(int column, double weight, int delay) {}

  private RowWalk(Rows rows, Map<String, Double> scalars) {
    this.rows = rows;
    this.inputs = new HashMap<>(scalars);
    this.values = new double[rows.body().equations().size()];
  }

  /** All synapses, listed by source, targets ascending. */
  static List<List<Synapse>> bySource(Rows rows, Map<String, Double> scalars) {
    var bySource = new ArrayList<List<Synapse>>();
    for (int i = 0; i < rows.sources(); i++) {
      bySource.add(new ArrayList<>());
    }
    var walk = new RowWalk(rows, scalars);
    for (int row = 0; row < rows.rows(); row++) {
      for (int chunk = 0; chunk < rows.chunks(); chunk++) {
        for (Synapse s : walk.row(row, chunk)) {
          int i = rows.byPost() ? s.column() : row;
          int j = rows.byPost() ? row : s.column();
          int source = (rows.longest() - s.delay()) * rows.pre() + i;
          bySource.get(source).add(new Synapse(j, s.weight(), s.delay()));
        }
      }
    }
    bySource.forEach(row -> row.sort(Comparator.comparingInt(Synapse::column)));
    return bySource;
  }

  private List<Synapse> row(int row, int chunk) {
    var synapses = new ArrayList<Synapse>();
    inputs.put(Rows.ROW, (double) row);
    inputs.put(Rows.CHUNK, (double) chunk);
    int k = 0;
    Map<String, Double> out = evaluate(k, 0);
    int cursor = out.get(Rows.FIRST).intValue();
    while (cursor < out.get(Rows.END) && k < out.getOrDefault(Rows.LIMIT, Double.MAX_VALUE)) {
      out = evaluate(k, cursor);
      if (out.getOrDefault(Rows.ACCEPT, 1.0) != 0) {
        double weight = out.getOrDefault(Rows.WEIGHT, 1.0);
        int delay = out.getOrDefault(Rows.DELAY, 1.0).intValue();
        synapses.add(new Synapse(out.get(Rows.COLUMN).intValue(), weight, delay));
        k++;
      }
      cursor = out.get(Rows.NEXT).intValue();
    }
    return synapses;
  }

  private Map<String, Double> evaluate(int k, int cursor) {
    inputs.put(Rows.K, (double) k);
    inputs.put(Rows.CURSOR, (double) cursor);
    Program body = rows.body();
    for (int i = 0; i < values.length; i++) {
      values[i] = value(body, body.at(i));
    }
    var out = new HashMap<String, Double>();
    for (Update u : body.updates()) {
      out.put(u.variable(), values[u.value()]);
    }
    return out;
  }

  private double value(Program body, Equation e) {
    if (e.op() == Op.CONST) {
      return e.value();
    }
    if (e.op() == Op.PARAM) {
      return Meaning.round(e.type().dtype(), inputs.get(e.name()));
    }
    if (e.op() == Op.LOAD) {
      return 0; // a table as a whole has no value
    }
    if (e.op() == Op.GATHER) {
      String table = body.at(e.args().get(0)).name();
      return rows.tables().get(table).at((int) values[e.args().get(1)]);
    }
    double[] x = e.args().stream().mapToDouble(a -> values[a]).toArray();
    return Meaning.apply(e.op(), body.at(e.args().get(0)).type().dtype(), e.type().dtype(), x);
  }
}
