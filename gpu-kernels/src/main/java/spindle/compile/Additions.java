package spindle.compile;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import spindle.ir.Equation;
import spindle.ir.Op;
import spindle.ir.Program;
import spindle.ir.Update;

/**
 * Lets sums of pairs be added straight to the variable that gathers them, as gradients by weights
 * do over the steps: {@code v = v + pair(...)} without a pass over all synapses of its own.
 */
final class Additions {
  private Additions() {}

  /** The stages with such additions in one piece. */
  static List<Stage> joined(Program p, Layout layout, List<Stage> stages) {
    var joined = new ArrayList<>(stages);
    for (Update u : p.updates()) {
      Equation sum = p.at(u.value());
      if (sum.op() == Op.ADD && !sum.type().isScalar()) {
        join(p, layout, u, joined);
      }
    }
    return List.copyOf(joined);
  }

  private static void join(Program p, Layout layout, Update u, List<Stage> stages) {
    List<Integer> operands = p.at(u.value()).args();
    int old = operands.get(0);
    int pairs = operands.get(1);
    boolean gathers =
        p.at(old).op() == Op.LOAD
            && p.at(old).name().equals(u.variable())
            && p.at(pairs).op() == Op.PAIR
            && Stream.of(old, pairs, u.value()).allMatch(place -> readers(p, place) == 1);
    if (!gathers) {
      return;
    }
    int into = layout.variable(u.variable());
    int target = layout.home(pairs, p.at(pairs).type());
    // A loop that does more, or an old value that is copied later, stays as it is.
    if (!stages.removeIf(s -> s instanceof Stage.Loops loops && adds(loops, into))) {
      return;
    }
    for (int k = 0; k < stages.size(); k++) {
      if (stages.get(k) instanceof Stage.Pair pair && pair.target() == target) {
        stages.set(k, pair.addedTo(into));
      }
    }
  }

  /** How many equations and updates read a value. */
  private static long readers(Program p, int place) {
    long equations =
        IntStream.range(0, p.equations().size())
            .filter(i -> p.at(i).args().contains(place))
            .count();
    return equations + p.updates().stream().filter(v -> v.value() == place).count();
  }

  /** Whether loops do nothing but to write the sum of two arrays into this one. */
  private static boolean adds(Stage.Loops loops, int into) {
    if (loops.loops().size() != 1) {
      return false;
    }
    Loop loop = loops.loops().get(0);
    return loop.equations().size() == 3
        && loop.stores().size() == 1
        && loop.stores().containsValue(into)
        && loop.collects().isEmpty()
        && loop.clears().isEmpty();
  }
}
