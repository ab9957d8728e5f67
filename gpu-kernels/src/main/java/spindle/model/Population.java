package spindle.model;

import java.util.List;

/**
 * Neurons of one model.
 *
 * @param name prefixes its variables
 * @param size number of neurons
 * @param neuron model
 * @param inputs what drives it from outside
 */
public record Population(String name, int size, Neuron neuron, List<Input> inputs) {
  public Population {
    inputs = List.copyOf(inputs);
    if (size < 0) {
      throw new IllegalArgumentException(name + ": size must be >= 0, got " + size);
    }
  }

  /** Neurons {@code [from, to)} under a name of their own. */
  public Group group(String groupName, int from, int to) {
    return new Group(groupName, this, from, to);
  }

  /** All neurons. */
  public Group all() {
    return new Group(name, this, 0, size);
  }
}
