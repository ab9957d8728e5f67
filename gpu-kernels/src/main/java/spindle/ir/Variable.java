package spindle.ir;

/**
 * State that lives from step to step.
 *
 * @param name unique in the program
 * @param type of its value
 * @param history how many steps back a load may reach, at least 1; more than 1 for events only
 */
public record Variable(String name, Type type, int history) {
  public Variable {
    if (history < 1 || (history > 1 && type.dtype() != DType.EVENTS)) {
      throw new IllegalArgumentException(
          name + ": history must be 1, or more for events, got " + history);
    }
  }

  /**
   * Refuses what is no element: of events there is one per neuron and step of the history.
   *
   * @throws IndexOutOfBoundsException with the index and the elements that there are
   */
  public void requireElements(int[] indices) {
    int size = history * type.size();
    for (int index : indices) {
      if (index < 0 || index >= size) {
        String range = size == 0 ? "no elements" : "elements 0 to " + (size - 1);
        throw new IndexOutOfBoundsException(name + " has " + range + ", got " + index);
      }
    }
  }

  /**
   * Refuses float arrays that a float32 vector does not fit.
   *
   * @throws IllegalArgumentException with the type and the length
   */
  public void requireFloats(int length) {
    if (type.dtype() != DType.F32 || type.length() != length) {
      throw new IllegalArgumentException(name + " is " + type + ", got " + length + " floats");
    }
  }

  /** A variable of which only the last value is kept. */
  public static Variable of(String name, Type type) {
    return new Variable(name, type, 1);
  }
}
