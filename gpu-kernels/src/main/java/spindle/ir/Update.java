package spindle.ir;

/**
 * At the end of the step a variable takes a value.
 *
 * @param variable name
 * @param value place of the equation
 */
public record Update(String variable, int value) {}
