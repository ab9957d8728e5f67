package spindle.grad;

import java.util.ArrayList;
import java.util.List;
import spindle.ir.Check;
import spindle.ir.Op;
import spindle.ir.Program;
import spindle.ir.Update;
import spindle.ir.Variable;

/**
 * A step that keeps some of its values in variables of their own, and an adjoint that reads them,
 * so that it does no product with a connectivity again that the step has done.
 *
 * <p>Kept is what takes the least memory, old state counted in: where a value makes old state
 * needless to the adjoint, it takes the place of it. The gradient has the same bits as that of
 * {@link Adjoint#of(Program, Inputs)}.
 *
 * @param step the step, which also stores what is kept
 * @param adjoint its {@link Adjoint#state} has old state, as it was before the step, and what is
 *     kept, as it is behind it
 * @param kept variables that hold what is kept
 */
public record Recorded(Program step, Adjoint adjoint, List<Variable> kept) {
  private static final String PREFIX = "kept.";

  /**
   * Chooses what to keep and writes both programs.
   *
   * @throws IllegalArgumentException as {@link Adjoint#of(Program, Inputs)}
   */
  public static Recorded of(Program step, Inputs by) {
    by.requireOf(step);
    Activity active = Activity.of(step, by);
    var again = new Reverse(step, active);
    again.write();
    var reverse = new Reverse(step, active);
    var kept = new ArrayList<Variable>();
    var updates = new ArrayList<>(step.updates());
    for (int place : Cut.of(step, again.read())) {
      if (step.at(place).op() != Op.LOAD && step.at(place).op() != Op.RECENT) {
        Variable v = reverse.give(place, PREFIX + kept.size());
        kept.add(v);
        updates.add(new Update(v.name(), place));
      }
    }
    return new Recorded(keeping(step, kept, updates), reverse.write(), List.copyOf(kept));
  }

  /**
   * The same with products of cotangents of events done one run later, at which surrogates are
   * known that are 0: what comes of the others changes no bit. The cotangents of events at the end
   * of a run are then not all there.
   */
  public Recorded late() {
    return new Recorded(step, Late.of(adjoint, step), kept);
  }

  private static Program keeping(Program step, List<Variable> kept, List<Update> updates) {
    var variables = new ArrayList<>(step.variables());
    variables.addAll(kept);
    var program =
        new Program(
            step.name(), step.parameters(), variables, step.rows(), step.equations(), updates);
    Check.program(program);
    return program;
  }
}
