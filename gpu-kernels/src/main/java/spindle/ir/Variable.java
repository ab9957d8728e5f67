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

  /** A variable of which only the last value is kept. */
  public static Variable of(String name, Type type) {
    return new Variable(name, type, 1);
  }
}
