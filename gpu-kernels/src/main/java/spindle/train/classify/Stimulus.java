package spindle.train.classify;

import java.util.List;
import java.util.Map;
import spindle.ir.DType;
import spindle.ir.Deviates;
import spindle.ir.Expr;
import spindle.ir.Key;
import spindle.ir.Trace;
import spindle.ir.Type;
import spindle.ir.Variable;
import spindle.model.Cell;
import spindle.model.Initial;
import spindle.model.Neuron;
import spindle.model.State;
import spindle.train.Batch;
import spindle.train.encode.Encoder;
import spindle.train.encode.Latency;
import spindle.train.encode.Poisson;
import spindle.train.encode.Presentation;

/**
 * Neurons that spike as an encoder says: the input layer of a network. What they encode is in their
 * state x, which no step changes: an intensity, for a latency code the step of the spike.
 *
 * @param encoder a code of spikes
 * @param members stimuli side by side
 * @param dtMs time step [ms]
 */
public record Stimulus(Encoder encoder, int members, double dtMs) implements Neuron {
  /** The state that holds what is encoded. */
  public static final String X = "x";

  /** The variable with a number per presentation, i32 per member. */
  public static final String IDS = "presentation";

  private static final String STREAM = "stimulus";

  public Stimulus {
    if (!(encoder instanceof Latency || encoder instanceof Poisson)) {
      throw new IllegalArgumentException("a stimulus is made of spikes, got " + encoder);
    }
  }

  /** Values of the parameters of its random numbers under a seed. */
  public static Map<String, Double> arguments(long seed) {
    Key key = Key.of(seed, STREAM);
    return Map.of(STREAM + ".key0", (double) key.k0(), STREAM + ".key1", (double) key.k1());
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
    trace.declare(Variable.of(IDS, Type.vector(DType.I32, members)));
    Deviates.Keys keys = Deviates.Keys.parameters(trace, STREAM);
    return new Presentation(new Batch(trace, members), trace.load(IDS), keys, trace.time(), dtMs);
  }

  /** What x is for an intensity, as an expression. */
  Expr encoded(Trace trace, Expr intensity) {
    return encoder instanceof Latency latency ? latency.steps(at(trace), intensity) : intensity;
  }
}
