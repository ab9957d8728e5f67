/**
 * From a lowered program to loops and from loops to machine code: {@link spindle.compile.Schedule}
 * orders the work of a step, {@link spindle.compile.Layout} gives every value a place, and the
 * writers turn loops and rows into JVM classes.
 */
package spindle.compile;
