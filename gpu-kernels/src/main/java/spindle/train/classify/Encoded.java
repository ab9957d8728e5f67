package spindle.train.classify;

import java.util.List;
import spindle.ir.Expr;
import spindle.ir.Trace;
import spindle.model.Cell;
import spindle.model.Initial;
import spindle.model.State;
import spindle.train.encode.Encoder;
import spindle.train.encode.Latency;
import spindle.train.encode.Poisson;
import spindle.train.encode.Presentation;

/**
 * Neurons that spike as an encoder says. What they encode is in their state x, which no step
 * changes: an intensity, for a latency code the step of the spike.
 *
 * @param encoder a code of spikes
 * @param members stimuli side by side
 * @param dtMs time step [ms]
 */
public record Encoded(Encoder encoder, int members, double dtMs) implements Stimulus {
  /** The state that holds what is encoded. */
  public static final String X = "x";

  public Encoded {
    if (!(encoder instanceof Latency || encoder instanceof Poisson)) {
      throw new IllegalArgumentException("a stimulus is made of spikes, got " + encoder);
    }
  }

  @Override
  public List<State> states() {
    return List.of(new State(X, "", new Initial.Constant(0)));
  }

  @Override
  public Expr step(Cell cell) {
    Expr x = cell.state(X);
    Presentation at = at(x.trace());
    return encoder instanceof Latency latency ? latency.spikes(at, x) : encoder.input(at, x);
  }

  private Presentation at(Trace trace) {
    return Stimulus.presentation(trace, members, dtMs);
  }

  /** What x is for an intensity, as an expression. */
  Expr encoded(Trace trace, Expr intensity) {
    return encoder instanceof Latency latency ? latency.steps(at(trace), intensity) : intensity;
  }
}
