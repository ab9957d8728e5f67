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
    if ((long) history * type.size() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "%s: %d steps of %d neurons exceed 2^31 - 1 elements; use shorter delays"
              .formatted(name, history, type.size()));
    }
  }

  /** How many elements can be read: of events there is one per neuron and step of the history. */
  public int elements() {
    return history * type.size();
  }

  /**
   * Refuses what is no element.
   *
   * @throws IndexOutOfBoundsException with the index and the elements that there are
   */
  public void requireElements(int[] indices) {
    for (int index : indices) {
      if (index < 0 || index >= elements()) {
        String range = elements() == 0 ? "no elements" : "elements 0 to " + (elements() - 1);
        throw new IndexOutOfBoundsException(name + " has " + range + ", got " + index);
      }
    }
  }

  /**
   * Refuses to replace all elements by another number of them.
   *
   * @throws IllegalArgumentException with both numbers
   */
  public void requireLength(int length) {
    if (length != elements()) {
      throw new IllegalArgumentException(name + " has " + elements() + " elements, got " + length);
    }
  }

  /**
   * Refuses float arrays that are not of the length of a float32 vector.
   *
   * @throws IllegalArgumentException with both numbers, or the type
   */
  public void requireFloats(int length) {
    requireLength(length);
    if (type.dtype() != DType.F32 || type.isScalar()) {
      throw new IllegalArgumentException(name + " is " + type + " and no vector of float32");
    }
  }

  /** A variable of which only the last value is kept. */
  public static Variable of(String name, Type type) {
    return new Variable(name, type, 1);
  }
}
