package spindle.task;

import java.util.Arrays;
import spindle.model.Group;
import spindle.sim.SpikeReader;

/** Cuts the spikes of a group into time chunks for the recorder. */
final class SpikeChunks implements SpikeReader {
  private final Group group;
  private final int chunkSteps;
  private final Recorder recorder;
  private int[] offsets = new int[1024];
  private int[] neurons = new int[1024];
  private int size;
  private int chunk;

  SpikeChunks(Group group, int chunkSteps, Recorder recorder) {
    this.group = group;
    this.chunkSteps = chunkSteps;
    this.recorder = recorder;
  }

  @Override
  public void spike(int step, int neuron) {
    if (neuron < group.from() || neuron >= group.to()) {
      return;
    }
    flushBefore(step);
    if (size == offsets.length) {
      offsets = Arrays.copyOf(offsets, 2 * size);
      neurons = Arrays.copyOf(neurons, 2 * size);
    }
    offsets[size] = step - chunk * chunkSteps;
    neurons[size++] = neuron - group.from();
  }

  @Override
  public void until(int step) {
    flushBefore(step);
  }

  /** Gives away the last chunk, shorter than the others if the run ended inside it. */
  void finish(int step) {
    int steps = step - chunk * chunkSteps;
    if (steps > 0) {
      give(steps);
    }
  }

  /** Gives away every chunk that ends at or before a step; empty chunks too. */
  private void flushBefore(int step) {
    while (step >= (chunk + 1L) * chunkSteps) {
      give(chunkSteps);
    }
  }

  private void give(int steps) {
    recorder.spikes(
        new Recorder.SpikeChunk(
            group.name(),
            chunk,
            (long) chunk * chunkSteps,
            steps,
            Arrays.copyOf(offsets, size),
            Arrays.copyOf(neurons, size)));
    size = 0;
    chunk++;
  }
}
