package spindle.task;

import java.util.Arrays;
import java.util.stream.IntStream;
import spindle.model.Group;
import spindle.sim.Probe;
import spindle.sim.Simulation;
import spindle.sim.Verdict;

/** Samples a state variable of the first neurons of a group for the recorder. */
final class TraceProbe implements Probe {
  private static final int ROWS_PER_CHUNK = 1000;

  private final Group group;
  private final Recording.Trace trace;
  private final int every;
  private final String unit;
  private final Recorder recorder;
  private final int[] neurons;
  private final double[] sample;
  private final float[] values;
  private int rows;
  private int chunk;

  TraceProbe(Group group, Recording.Trace trace, int every, String unit, Recorder recorder) {
    this.group = group;
    this.trace = trace;
    this.every = every;
    this.unit = unit;
    this.recorder = recorder;
    this.neurons = IntStream.range(0, Math.min(trace.neurons(), group.size())).toArray();
    this.sample = new double[neurons.length];
    this.values = new float[neurons.length * ROWS_PER_CHUNK];
  }

  @Override
  public int interval() {
    return every;
  }

  @Override
  public Verdict look(Simulation simulation) {
    if (neurons.length > 0 && simulation.step() % every == 0) {
      simulation.read(group, trace.variable(), neurons, sample);
      for (int k = 0; k < sample.length; k++) {
        values[rows * sample.length + k] = (float) sample[k];
      }
      if (++rows == ROWS_PER_CHUNK) {
        give();
      }
    }
    return Verdict.GO_ON;
  }

  /** Gives away what was sampled since the last full chunk. */
  void finish() {
    if (rows > 0) {
      give();
    }
  }

  private void give() {
    long first = ((long) chunk * ROWS_PER_CHUNK + 1) * every;
    recorder.trace(
        new Recorder.TraceChunk(
            group.name(),
            trace.variable(),
            unit,
            chunk,
            first,
            every,
            neurons.clone(),
            Arrays.copyOf(values, rows * neurons.length)));
    rows = 0;
    chunk++;
  }
}
