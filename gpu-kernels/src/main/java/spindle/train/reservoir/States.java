package spindle.train.reservoir;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import spindle.backend.Arguments;
import spindle.backend.Backend;
import spindle.backend.Executable;
import spindle.ir.Rows;
import spindle.train.data.Images;
import spindle.train.readout.Features;

/**
 * A reservoir driven by images: column by column of pixels is the input of as many steps as an
 * image has rows, and the state after the last is what readouts see.
 *
 * <p>Images of a batch share every walk along the matrix and do not mix: the size of batches
 * changes no bit.
 */
public final class States implements AutoCloseable {
  private static final String FIRST = "layer0.w_in";

  private final LeakyReservoir reservoir;
  private final int inputs;
  private final int batch;
  private final Executable executable;
  private final float[] input;

  /**
   * @param inputs per step: at least the width of the images; what lies beyond is fed by the caller
   * @param batch images at a time
   * @param seed of all weights
   */
  public States(LeakyReservoir reservoir, int inputs, int batch, long seed, Backend backend) {
    this.reservoir = reservoir;
    this.inputs = inputs;
    this.batch = batch;
    this.input = new float[inputs * batch];
    this.executable =
        backend.load(
            reservoir.program(inputs, batch),
            new Arguments(reservoir.arguments(inputs, seed), Set.of()));
  }

  /** Images at a time. */
  public int batch() {
    return batch;
  }

  /** Units of all layers. */
  public int units() {
    return reservoir.units() * reservoir.layers();
  }

  /**
   * The states after images {@code [from, from + count)}, one sample each; pixels count from 0 to
   * 1.
   *
   * @param count at most the size of a batch
   */
  public Features after(Images images, int from, int count) {
    reset();
    for (int row = 0; row < images.rows(); row++) {
      step(images, from, count, row);
    }
    return states(count);
  }

  /** Sets all states to 0, as before every image. */
  public void reset() {
    var zeros = new float[Math.multiplyExact(reservoir.units(), batch)];
    for (int layer = 0; layer < reservoir.layers(); layer++) {
      executable.write(LeakyReservoir.state(layer), zeros);
    }
  }

  /** Sets an input behind those of the pixels, from the next step on. */
  public void feed(int line, int member, float value) {
    input[line * batch + member] = value;
  }

  /** The states of the first members of the batch, one sample each. */
  public Features states(int count) {
    var layerStates = new float[Math.multiplyExact(reservoir.units(), batch)];
    var states = new float[Math.multiplyExact(units(), batch)];
    for (int layer = 0; layer < reservoir.layers(); layer++) {
      executable.read(LeakyReservoir.state(layer), layerStates);
      System.arraycopy(layerStates, 0, states, layer * layerStates.length, layerStates.length);
    }
    return Features.byUnit(states, batch, units()).slice(0, count);
  }

  /** Shows one row of images {@code [from, from + count)}, and what was fed. */
  public void step(Images images, int from, int count, int row) {
    for (int column = 0; column < images.columns(); column++) {
      for (int b = 0; b < count; b++) {
        input[column * batch + b] = images.pixel(from + b, row, column) / 255f;
      }
    }
    executable.write(LeakyReservoir.INPUT, input);
    executable.run(row, 1);
  }

  /** Number of synapses; walks regenerated ones. */
  public long synapses() {
    long sum = 0;
    for (String rows : matrices()) {
      sum += executable.synapses(rows);
    }
    return sum;
  }

  /** Memory of states and matrices [B]. */
  public long bytes() {
    return executable.bytes();
  }

  /**
   * The same with every matrix stored as the CPU stores it: compressed sparse rows of float32
   * weights, columns in 32 bits and up to 65,536 units in 16 bits too [B].
   */
  public long bytesIfStored() {
    if (reservoir.storage() == Rows.Storage.STORED) {
      return executable.bytes();
    }
    long sum = executable.bytes();
    int narrow = reservoir.units() > Character.MAX_VALUE + 1 ? 0 : Character.BYTES;
    int column = Integer.BYTES + narrow;
    for (String rows : matrices()) {
      long pointers = 4L * (rows.equals(FIRST) ? inputs + 1 : reservoir.units() + 1);
      sum += pointers + executable.synapses(rows) * (column + Float.BYTES) - executable.bytes(rows);
    }
    return sum;
  }

  private List<String> matrices() {
    var names = new ArrayList<String>();
    for (int layer = 0; layer < reservoir.layers(); layer++) {
      names.add("layer" + layer + ".w_in");
      names.add("layer" + layer + ".w");
    }
    return names;
  }

  /** How it is spread over its device; empty where there is only one way. */
  public String shape() {
    return executable.shape();
  }

  /** Seconds spent compiling. */
  public double compileSeconds() {
    return executable.compileSeconds();
  }

  @Override
  public void close() {
    executable.close();
  }
}
