package spindle.train.classify;

import java.util.Map;
import spindle.ir.DType;
import spindle.ir.Deviates;
import spindle.ir.Key;
import spindle.ir.Trace;
import spindle.ir.Type;
import spindle.ir.Variable;
import spindle.model.Neuron;
import spindle.train.Batch;
import spindle.train.encode.Presentation;

/**
 * Neurons whose spikes are given from outside: the input layer of a network. What is shown is in
 * their state, which no step changes.
 */
public interface Stimulus extends Neuron {
  /** The variable with a number per presentation, i32 per member. */
  String IDS = "presentation";

  /** The stream of its random numbers. */
  String STREAM = "stimulus";

  /** Values of the parameters of its random numbers under a seed. */
  static Map<String, Double> arguments(long seed) {
    Key key = Key.of(seed, STREAM);
    return Map.of(STREAM + ".key0", (double) key.k0(), STREAM + ".key1", (double) key.k1());
  }

  /** A batch of stimuli at the present step. */
  static Presentation presentation(Trace trace, int members, double dtMs) {
    trace.declare(Variable.of(IDS, Type.vector(DType.I32, members)));
    Deviates.Keys keys = Deviates.Keys.parameters(trace, STREAM);
    return new Presentation(new Batch(trace, members), trace.load(IDS), keys, trace.time(), dtMs);
  }
}
