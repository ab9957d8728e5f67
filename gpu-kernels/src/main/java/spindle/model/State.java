package spindle.model;

/**
 * A state variable of a model.
 *
 * @param name as in traces: {@code v}
 * @param unit symbol, empty for plain numbers
 * @param initial how it starts
 */
public record State(String name, String unit, Initial initial) {}
