package spindle.report;

/**
 * One position on an axis.
 *
 * @param value the number there, NaN for words
 * @param label as written at the tick
 */
record Level(double value, String label) {}
