package spindle.model;

/**
 * A range of neurons of a population.
 *
 * @param name as users see it: {@code E}
 * @param population where they belong
 * @param from first neuron
 * @param to neuron behind the last
 */
public record Group(String name, Population population, int from, int to) {
  public Group {
    if (from < 0 || to < from || to > population.size()) {
      throw new IllegalArgumentException(
          name + " must lie in [0, " + population.size() + "], got [" + from + ", " + to + ")");
    }
  }

  /** Number of neurons. */
  public int size() {
    return to - from;
  }
}
