/**
 * Runs programs. A {@link spindle.backend.Backend} binds a program to arguments and memory; {@code
 * reference} is the slow definition, {@code cpu} the fast equal.
 */
package spindle.backend;
