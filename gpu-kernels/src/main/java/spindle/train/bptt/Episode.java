package spindle.train.bptt;

import spindle.ir.DType;
import spindle.ir.Program;
import spindle.ir.Variable;

/**
 * What is differentiated: some steps, then a loss of the state they end in.
 *
 * <p>Variables of one name in both programs are one. What no step updates (weights, labels, inputs)
 * is data that stays the same; a loss that gathers over time is a variable of the step, which the
 * loss reads at the end.
 *
 * @param step one time step
 * @param loss stores the scalar variable {@code loss} and nothing else
 * @param steps length of the episode
 */
public record Episode(Program step, Program loss, int steps) {
  /** The variable that the loss stores. */
  public static final String LOSS = "loss";

  public Episode {
    if (steps < 1) {
      throw new IllegalArgumentException("an episode has at least 1 step, got " + steps);
    }
    boolean stores = loss.updates().size() == 1 && loss.updates().get(0).variable().equals(LOSS);
    if (!stores || !loss.variable(LOSS).type().isScalar()) {
      throw new IllegalArgumentException(
          loss.name() + " must store the scalar variable " + LOSS + " and nothing else");
    }
    loss.variables().forEach(v -> requireShared(step, loss, v));
  }

  private static void requireShared(Program step, Program loss, Variable v) {
    if (v.type().dtype() == DType.EVENTS) {
      throw new IllegalArgumentException(
          loss.name() + ": a loss reads no events; count " + v.name() + " in a variable");
    }
    for (Variable other : step.variables()) {
      if (other.name().equals(v.name()) && !other.type().equals(v.type())) {
        throw new IllegalArgumentException(
            v.name() + " is " + other.type() + " in the step and " + v.type() + " in the loss");
      }
    }
  }

  /** Whether a step gives a variable a new value. */
  boolean moves(Variable v) {
    return step.updates().stream().anyMatch(u -> u.variable().equals(v.name()));
  }
}
