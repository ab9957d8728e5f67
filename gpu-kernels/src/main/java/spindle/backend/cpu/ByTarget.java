package spindle.backend.cpu;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import spindle.compile.Needs;
import spindle.ir.DType;
import spindle.ir.Direction;
import spindle.ir.Equation;
import spindle.ir.Op;
import spindle.ir.Program;
import spindle.ir.Rows;
import spindle.ir.Type;

/**
 * Weights of a full matrix that are kept by postsynaptic neuron. Where a program does nothing with
 * them but multiply a vector against the synapses, its targets then lie side by side for the lanes
 * of the processor's vectors. Each sum is added up in the same order.
 *
 * @param targets number of presynaptic neurons
 * @param sources number of postsynaptic neurons
 */
record ByTarget(int targets, int sources) {
  /** The variables of a lowered program that are kept so, by name. */
  static Map<String, ByTarget> of(Program p, Map<String, Matrix> matrices) {
    int[] masks = Needs.of(p);
    var found = new HashMap<String, ByTarget>();
    Set<String> others = updated(p);
    for (int i = 0; i < p.equations().size(); i++) {
      Equation e = p.at(i);
      for (int k = 0; k < e.args().size(); k++) {
        Equation operand = p.at(e.args().get(k));
        if (operand.op() == Op.LOAD) {
          // Of a product that is needed here and there only the rows that are needed are read.
          boolean weights = e.op() == Op.TRANSMIT && k == 1 && masks[i] == Needs.ALL;
          ByTarget use = weights ? use(p, e, matrices.get(e.name())) : null;
          ByTarget before = found.putIfAbsent(operand.name(), use);
          if (use == null || (before != null && !before.equals(use))) {
            others.add(operand.name());
          }
        }
      }
    }
    found.keySet().removeAll(others);
    return found;
  }

  /** Variables that change, or are copied to others. */
  private static Set<String> updated(Program p) {
    var names = new HashSet<String>();
    p.updates()
        .forEach(
            u -> {
              names.add(u.variable());
              names.add(p.at(u.value()).name());
            });
    return names;
  }

  /** As what a product uses its weights, null if it needs them by presynaptic neuron. */
  private static ByTarget use(Program p, Equation e, Matrix matrix) {
    Rows rows = p.rows(e.name());
    Type x = p.at(e.args().get(0)).type();
    Type weights = p.at(e.args().get(1)).type();
    boolean kept =
        matrix instanceof StoredMatrix m
            && m.isFull()
            && e.type().dtype() == DType.F32
            && Direction.of(e) == Direction.AGAINST
            && Direction.AGAINST.batch(rows, x.length()) == 1
            && weights.length() == m.synapses();
    return kept ? new ByTarget(rows.pre(), rows.post()) : null;
  }

  /** Where an element is, by its number in the program. */
  int place(int synapse) {
    return synapse % sources * targets + synapse / sources;
  }

  /** Copies weights in that are numbered as in the program. */
  void put(float[] weights, float[] to) {
    Tiles.transpose(weights, targets, sources, to);
  }

  /** Copies them out. */
  void get(float[] weights, float[] to) {
    Tiles.transpose(weights, sources, targets, to);
  }

  /** Adds a product to a target that is 0. */
  Runnable product(Matrix.Sum s, float[] weights, Share share) {
    var sum = new Matrix.Sum(Direction.ALONG, s.x(), s.target(), 1, null);
    return new Dense(sources, targets, weights).product(sum, share);
  }
}
