package spindle.compile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import spindle.ir.Equation;
import spindle.ir.Program;

/**
 * When each equation may run. A barrier (an operation that needs a whole vector) opens a new level;
 * elementwise equations sink to the level of their first use, so that they fuse with it.
 */
final class Levels {
  private Levels() {}

  /**
   * The level of each equation; equal levels may share a loop.
   *
   * @param masks what products wait for too, as {@link Needs#of}
   */
  static int[] of(Program p, int[] masks) {
    int n = p.equations().size();
    int[] earliest = new int[n];
    int top = 0;
    for (int i = 0; i < n; i++) {
      Equation e = p.at(i);
      int level = Needs.before(p, i, masks).stream().mapToInt(a -> earliest[a]).max().orElse(0);
      earliest[i] = e.op().isWhole() ? level + 1 : level;
      top = Math.max(top, e.op().isWhole() ? top : earliest[i]);
    }
    return sink(p, masks, earliest, top);
  }

  private static int[] sink(Program p, int[] masks, int[] earliest, int top) {
    int[] latest = new int[earliest.length];
    Arrays.fill(latest, Integer.MAX_VALUE);
    for (int i = earliest.length - 1; i >= 0; i--) {
      Equation e = p.at(i);
      int level = latest[i] == Integer.MAX_VALUE ? Math.max(top, earliest[i]) : latest[i];
      latest[i] = e.op().isWhole() ? earliest[i] : level;
      int reach = e.op().isWhole() ? earliest[i] - 1 : latest[i];
      Needs.before(p, i, masks).forEach(a -> latest[a] = Math.min(latest[a], reach));
    }
    return latest;
  }

  /** Places of elementwise vector equations at a level, by length in order of first occurrence. */
  static List<List<Integer>> groups(Program p, int[] levels, int level) {
    var groups = new ArrayList<List<Integer>>();
    for (int i = 0; i < levels.length; i++) {
      if (levels[i] == level && isLoopWork(p.at(i))) {
        int place = i;
        groups.stream()
            .filter(g -> p.at(g.get(0)).type().length() == p.at(place).type().length())
            .findFirst()
            .ifPresentOrElse(g -> g.add(place), () -> groups.add(new ArrayList<>(List.of(place))));
      }
    }
    return groups;
  }

  /** Whether an equation is computed element by element inside a loop. */
  static boolean isLoopWork(Equation e) {
    return e.op().isElementwise() && !e.type().isScalar();
  }
}
