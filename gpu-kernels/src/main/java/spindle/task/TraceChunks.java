package spindle.task;

import java.util.Arrays;
import spindle.model.Group;

/** Gathers the samples of a trace into time chunks for the recorder. */
final class TraceChunks {
  private static final int ROWS_PER_CHUNK = 1000;

  private final Trace trace;
  private final Recorder recorder;
  private float[] values = new float[0];
  private int rows;
  private int chunk;

  /**
   * What is sampled.
   *
   * @param every steps between samples
   * @param neurons sampled neurons, indices within the group; none where a sample is of them all
   */
  record Trace(Group group, String variable, String unit, int every, int[] neurons) {}

  TraceChunks(Trace trace, Recorder recorder) {
    this.trace = trace;
    this.recorder = recorder;
  }

  /** Takes one sample of each neuron, or the one of them all. */
  void add(double[] sample) {
    if (rows == 0) {
      values = new float[sample.length * ROWS_PER_CHUNK];
    }
    for (int k = 0; k < sample.length; k++) {
      values[rows * sample.length + k] = (float) sample[k];
    }
    if (++rows == ROWS_PER_CHUNK) {
      finish();
    }
  }

  /** Gives away what was sampled since the last full chunk. */
  void finish() {
    if (rows == 0) {
      return;
    }
    recorder.trace(
        new Recorder.TraceChunk(
            trace.group().name(),
            trace.variable(),
            trace.unit(),
            chunk,
            ((long) chunk * ROWS_PER_CHUNK + 1) * trace.every(),
            trace.every(),
            trace.neurons().clone(),
            Arrays.copyOf(values, values.length / ROWS_PER_CHUNK * rows)));
    rows = 0;
    chunk++;
  }
}
