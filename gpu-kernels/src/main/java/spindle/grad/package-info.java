/**
 * Derivatives of programs, as programs.
 *
 * <p>{@link spindle.grad.Local} is the calculus: what each operation does to a small change. Two
 * interpreters of a program use it: {@link spindle.grad.Forward} carries tangents from inputs to
 * updates, {@link spindle.grad.Adjoint} cotangents from updates to inputs. The derivatives that
 * stand in for that of a spike are in {@code spindle.grad.surrogate}. Whoever adds an operation
 * answers in {@code Local}, in the two interpreters and in {@code Primal}; the compiler asks.
 */
package spindle.grad;
