package spindle.model.synapse;

import java.util.List;
import spindle.ir.Expr;
import spindle.model.Cell;
import spindle.model.Initial;
import spindle.model.State;
import spindle.model.Synapse;

/**
 * Exponential synapse: {@code dg/dt = -g / tau}, {@code g += w} on arrival.
 *
 * @param tau decay time constant [ms]
 * @param initial how g starts
 */
public record Exponential(double tau, Initial initial) implements Synapse {
  public Exponential {
    if (!(tau > 0)) {
      throw new IllegalArgumentException("synaptic time constant must be > 0 ms, got " + tau);
    }
  }

  /** A synapse at which nothing has arrived yet. */
  public Exponential(double tau) {
    this(tau, new Initial.Constant(0));
  }

  @Override
  public List<State> states() {
    return List.of(new State("g", "", initial));
  }

  @Override
  public Expr step(Cell cell, Expr arriving) {
    Expr decay = cell.dt().over(cell.parameter("tau", tau)).negated().exp();
    Expr g = cell.state("g").times(decay).plus(arriving);
    cell.set("g", g);
    return g;
  }
}
