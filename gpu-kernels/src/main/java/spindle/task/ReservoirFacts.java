package spindle.task;

import spindle.backend.Backend;
import spindle.ir.Rows;
import spindle.train.data.Images;
import spindle.train.reservoir.States;

/**
 * What is reported of simulated images, and of the machine that simulated them.
 *
 * @param footprint memory on that machine
 */
record ReservoirFacts(Size size, Footprint footprint, Drive drive, Machine machine) {
  /** Numbers of a reservoir. */
  record Size(int units, long synapses) {}

  /**
   * Memory of a reservoir.
   *
   * @param storage how weights were asked to be kept
   * @param bytes states and matrices as they were kept
   * @param bytesIfStored the same with matrices as compressed sparse rows
   */
  record Footprint(Rows.Storage storage, long bytes, long bytesIfStored) {}

  /**
   * What driving it with images took.
   *
   * @param steps steps that all images took
   * @param seconds time for them
   * @param compileSeconds time to compile the step
   */
  record Drive(long steps, double seconds, double compileSeconds) {
    private Drive plus(Drive other) {
      return new Drive(
          steps + other.steps, seconds + other.seconds, compileSeconds + other.compileSeconds);
    }
  }

  /**
   * Where it was simulated.
   *
   * @param shape how it was spread over its device; empty where there is only one way
   */
  record Machine(String backend, String device, String shape) {}

  /** Of a reservoir that no image has driven yet. */
  static ReservoirFacts of(ReservoirWork work, States states, Backend backend) {
    return new ReservoirFacts(
        new Size(states.units(), states.synapses()),
        new Footprint(work.reservoir().storage(), states.bytes(), states.bytesIfStored()),
        new Drive(0, 0, 0),
        new Machine(backend.name(), backend.device(), states.shape()));
  }

  /** With the time that images took. */
  ReservoirFacts took(Images images, double seconds, double compileSeconds) {
    long steps = (long) images.count() * images.rows();
    return new ReservoirFacts(size, footprint, new Drive(steps, seconds, compileSeconds), machine);
  }

  /** With the memory of another trial's reservoir, whose weights are kept in another way. */
  ReservoirFacts with(Footprint other) {
    return new ReservoirFacts(size, other, drive, machine);
  }

  /** Of two blocks of images in one reservoir. */
  ReservoirFacts plus(ReservoirFacts f) {
    return new ReservoirFacts(size, footprint, drive.plus(f.drive), machine);
  }
}
