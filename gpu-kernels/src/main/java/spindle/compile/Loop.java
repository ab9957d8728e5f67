package spindle.compile;

import java.util.List;
import java.util.Map;
import spindle.ir.Equation;

/**
 * One loop over the elements of equally long vectors, or a single pass over scalars.
 *
 * @param equations the equations it needs, in order, renumbered from 0; leaves included
 * @param sources for each leaf that is read from an array: its array
 * @param slots for each leaf that is read from the scalars: its slot
 * @param stores values written at the end of each pass: equation to array
 * @param results values written once, of a scalar pass: equation to slot
 * @param clears arrays set to 0 behind the reading
 * @param collects masks whose set indices are listed: equation to array of {@link Events}
 */
public record Loop(
    List<Equation> equations,
    Map<Integer, Integer> sources,
    Map<Integer, Integer> slots,
    Map<Integer, Integer> stores,
    Map<Integer, Integer> results,
    List<Integer> clears,
    Map<Integer, Integer> collects) {
  public Loop {
    equations = List.copyOf(equations);
    clears = List.copyOf(clears);
  }

  /** Whether this is a pass over scalars. */
  boolean isScalar() {
    return !results.isEmpty();
  }
}
