package spindle.grad;

import spindle.ir.DType;
import spindle.ir.Equation;
import spindle.ir.Op;
import spindle.ir.Program;
import spindle.ir.Update;

/**
 * Which values of a program change with its inputs to first order, so that derivatives of the
 * others need not be written at all.
 *
 * @param inputs the inputs, with every variable that they reach after any number of steps
 * @param places per equation
 */
record Activity(Inputs inputs, boolean[] places) {

  static Activity of(Program p, Inputs inputs) {
    Inputs reached = inputs;
    while (true) {
      boolean[] places = places(p, reached);
      Inputs before = reached;
      for (Update u : p.updates()) {
        reached = places[u.value()] ? reached.with(u.variable()) : reached;
      }
      if (reached.equals(before)) {
        return new Activity(reached, places);
      }
    }
  }

  boolean at(int place) {
    return places[place];
  }

  private static boolean[] places(Program p, Inputs inputs) {
    var active = new boolean[p.equations().size()];
    for (int i = 0; i < active.length; i++) {
      active[i] = isActive(p, p.at(i), inputs, active);
    }
    return active;
  }

  private static boolean isActive(Program p, Equation e, Inputs inputs, boolean[] active) {
    if (e.type().dtype() == DType.I32) {
      return false;
    }
    for (int k = 0; k < e.args().size(); k++) {
      if (active[e.args().get(k)] && Local.flows(e.op(), k)) {
        return true;
      }
    }
    return ((e.op() == Op.LOAD || e.op() == Op.RECENT) && inputs.variables().contains(e.name()))
        || (e.op() == Op.PARAM && inputs.parameters().contains(e.name()))
        || (e.op() == Op.PROPAGATE
            && !RowDerivative.parameters(p.rows(e.name()), inputs.parameters()).isEmpty());
  }
}
