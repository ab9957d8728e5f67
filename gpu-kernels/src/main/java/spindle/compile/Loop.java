package spindle.compile;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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
 * @param tallies what is counted on the way
 */
public record Loop(
    List<Equation> equations,
    Map<Integer, Integer> sources,
    Map<Integer, Integer> slots,
    Map<Integer, Integer> stores,
    Map<Integer, Integer> results,
    List<Integer> clears,
    Map<Integer, Integer> collects,
    Tallies tallies) {
  public Loop {
    equations = List.copyOf(equations);
    clears = List.copyOf(clears);
  }

  /** About as many operations as it takes on vectors. */
  public int operations() {
    return equations.stream().mapToInt(VectorLoops::operations).sum();
  }

  /**
   * Arrays of integers of which each element is counted before stores of this pass or of later
   * loops replace it. The counts are the array behind all others.
   *
   * @param type of the counts
   */
  record Tallies(List<Integer> arrays, Counts type) {
    static final Tallies NONE = new Tallies(List.of(), Counts.FLOATS);

    Tallies {
      arrays = List.copyOf(arrays);
    }
  }

  /** The same loop that also counts the elements of an array. */
  Loop tallying(int array, Counts counts) {
    List<Integer> all = Stream.concat(tallies.arrays().stream(), Stream.of(array)).toList();
    return new Loop(
        equations, sources, slots, stores, results, clears, collects, new Tallies(all, counts));
  }

  /** Whether this is a pass over scalars. */
  boolean isScalar() {
    return !results.isEmpty();
  }
}
