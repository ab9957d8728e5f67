package spindle.train.bptt;

import java.lang.reflect.Array;
import java.util.List;
import java.util.Map;
import java.util.Set;
import spindle.backend.Arguments;
import spindle.backend.Backend;
import spindle.backend.Executable;
import spindle.backend.Snapshot;
import spindle.grad.Eligibility;
import spindle.ir.Variable;

/**
 * What the steps before a window add to the gradient, carried along by eligibility traces.
 *
 * <p>The step runs a second time here, with its traces, so that what {@link Checkpoints} run again
 * never disturbs them.
 */
final class Carried implements AutoCloseable {
  private final Executable stepping;
  private final Executable contraction;
  private final Snapshot traces;
  private final Snapshot gradients;
  private final Snapshot cleared;

  /** Compiles the traces of a step and their contraction. */
  Carried(Eligibility e, Map<String, Double> scalars, Backend backend) {
    this.stepping = backend.load(e.program(), new Arguments(scalars, Set.of()));
    this.contraction = backend.load(e.contraction(), new Arguments(scalars, Set.of()));
    this.traces = new Snapshot(e.traces());
    this.gradients = new Snapshot(e.gradients());
    List<Variable> zero = e.gradients();
    this.cleared = new Snapshot(zero);
  }

  Executable stepping() {
    return stepping;
  }

  /** Forgets all, and begins with a state. */
  void reset(Snapshot initial) {
    stepping.restore(initial);
    traces.names().forEach(this::clear);
    contraction.restore(cleared);
  }

  private void clear(String trace) {
    stepping.write(trace, new double[Array.getLength(traces.array(trace))]);
  }

  /** Keeps the traces at the start of a window and runs on to its end. */
  void pass(int begin, int stop) {
    stepping.save(traces);
    contraction.restore(traces);
    stepping.run(begin, stop - begin);
  }

  /** Adds what the cotangents of the state at the start of the window make of the traces. */
  void contract(Backward back, int begin) {
    contraction.restore(back.moved());
    contraction.run(begin, 1);
  }

  /** Adds the gradient by an input, if it has traces. */
  void add(String input, double[] sum) {
    String gradient = Eligibility.gradient(input);
    if (!gradients.names().contains(gradient)) {
      return;
    }
    contraction.save(gradients);
    for (int i = 0; i < sum.length; i++) {
      sum[i] += Array.getDouble(gradients.array(gradient), i);
    }
  }

  long bytes() {
    return stepping.bytes() + contraction.bytes();
  }

  @Override
  public void close() {
    stepping.close();
    contraction.close();
  }
}
