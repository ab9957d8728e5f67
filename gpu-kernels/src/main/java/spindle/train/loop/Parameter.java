package spindle.train.loop;

import spindle.ir.Variable;

/**
 * Something that is learned.
 *
 * @param variable name and type, a scalar or a vector of floats
 * @param initial its values at the start
 * @param low least value; an update that goes below ends there
 * @param high largest value
 */
public record Parameter(Variable variable, double[] initial, double low, double high) {
  public Parameter {
    if (initial.length != variable.type().size()) {
      throw new IllegalArgumentException(
          variable.name()
              + " has "
              + variable.type().size()
              + " elements, got "
              + initial.length
              + " initial values");
    }
    if (!(low <= high)) {
      throw new IllegalArgumentException(
          variable.name() + ": low must be at most high, got " + low + ", " + high);
    }
  }

  /** A parameter that may take any value. */
  public static Parameter free(Variable variable, double[] initial) {
    return new Parameter(variable, initial, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
  }

  boolean isBounded() {
    return Double.isFinite(low) || Double.isFinite(high);
  }
}
