/**
 * The intermediate representation: one time step is one {@link spindle.ir.Program}, an immutable
 * list of equations over a closed set of operations.
 *
 * <p>{@link spindle.ir.Trace} writes programs, {@link spindle.ir.Check} judges them, {@link
 * spindle.ir.Lower} rewrites elementary functions into single IEEE operations, {@link
 * spindle.ir.Meaning} says what each operation yields.
 */
package spindle.ir;
