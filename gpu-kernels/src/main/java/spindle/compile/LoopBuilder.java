package spindle.compile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import spindle.ir.Equation;
import spindle.ir.Op;
import spindle.ir.Program;

/** Gathers the equations of one loop with the leaves they read, renumbered from 0. */
final class LoopBuilder {
  private final Program program;
  private final Layout layout;
  private final boolean[] constant;
  private final Map<Integer, Integer> renumbered = new HashMap<>();
  private final List<Equation> equations = new ArrayList<>();
  private final Map<Integer, Integer> sources = new LinkedHashMap<>();
  private final Map<Integer, Integer> slots = new LinkedHashMap<>();
  private final Map<Integer, Integer> stores = new LinkedHashMap<>();
  private final Map<Integer, Integer> results = new LinkedHashMap<>();
  private final List<Integer> clears = new ArrayList<>();
  private final Map<Integer, Integer> collects = new LinkedHashMap<>();

  LoopBuilder(Program program, Layout layout, boolean[] constant) {
    this.program = program;
    this.layout = layout;
    this.constant = constant;
  }

  /** Computes the equation at a place; operands that are not computed here become leaves. */
  void compute(int place) {
    Equation e = program.at(place);
    var args = new ArrayList<Integer>();
    for (int a : e.args()) {
      args.add(renumbered.containsKey(a) ? renumbered.get(a) : leaf(a));
    }
    add(place, new Equation(e.op(), e.type(), args, e.name(), e.value()));
  }

  /** Reads what was computed elsewhere, or a variable. */
  void read(int place) {
    leaf(place);
  }

  /** Writes a scalar into its slot. */
  void keep(int place) {
    results.put(renumbered.get(place), layout.slot(place));
  }

  /** Writes a value to the array it lives in, if it has one. */
  void storeIfHome(int place) {
    if (layout.hasHome(place)) {
      stores.put(renumbered.get(place), layout.home(place, program.at(place).type()));
    }
  }

  /** Leaves zeros in an array behind the reading. */
  void clear(int array) {
    clears.add(array);
  }

  /** Lists where a mask is set. */
  void collect(int place, int events) {
    collects.put(renumbered.get(place), events);
  }

  Loop build() {
    return new Loop(
        equations, sources, slots, stores, results, clears, collects, Loop.Tallies.NONE);
  }

  private int leaf(int place) {
    Equation e = program.at(place);
    if (e.op() == Op.CONST || e.op() == Op.INDEX) {
      return add(place, e);
    }
    // What was computed elsewhere is read like a variable; its own operands do not matter here.
    int number = add(place, new Equation(Op.LOAD, e.type(), List.of(), "", 0));
    if (!e.type().isScalar()) {
      boolean variable = e.op() == Op.LOAD;
      sources.put(number, variable ? layout.variable(e.name()) : layout.home(place, e.type()));
    } else if (e.op() == Op.TIME) {
      slots.put(number, Layout.TIME_SLOT);
    } else if (e.op() == Op.LOAD && !constant[place]) {
      slots.put(number, layout.scalarVariable(e.name()));
    } else {
      slots.put(number, layout.slot(place));
    }
    return number;
  }

  private int add(int place, Equation e) {
    equations.add(e);
    renumbered.put(place, equations.size() - 1);
    return equations.size() - 1;
  }
}
