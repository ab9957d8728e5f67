package spindle.task;

import spindle.backend.Backend;
import spindle.ir.Rows;
import spindle.train.data.Images;
import spindle.train.reservoir.States;

/**
 * What is reported of simulated images, and of the machine that simulated them.
 *
 * @param steps steps that all images took
 * @param footprint memory on that machine
 * @param seconds time to drive the reservoir with the images
 * @param shape how it was spread over its device; empty where there is only one way
 */
record ReservoirFacts(
    int units,
    long synapses,
    long steps,
    Footprint footprint,
    double seconds,
    double compileSeconds,
    String backend,
    String device,
    String shape) {

  /**
   * Memory of a reservoir.
   *
   * @param storage how weights were asked to be kept
   * @param bytes states and matrices as they were kept
   * @param bytesIfStored the same with matrices as compressed sparse rows
   */
  record Footprint(Rows.Storage storage, long bytes, long bytesIfStored) {}

  /** Of a reservoir that no image has driven yet. */
  static ReservoirFacts of(ReservoirWork work, States states, Backend backend) {
    return new ReservoirFacts(
        states.units(),
        states.synapses(),
        0,
        new Footprint(work.reservoir().storage(), states.bytes(), states.bytesIfStored()),
        0,
        0,
        backend.name(),
        backend.device(),
        states.shape());
  }

  /** With the time that images took. */
  ReservoirFacts took(Images images, double seconds, double compileSeconds) {
    long steps = (long) images.count() * images.rows();
    return new ReservoirFacts(
        units, synapses, steps, footprint, seconds, compileSeconds, backend, device, shape);
  }

  /** With the memory of another trial's reservoir, whose weights are kept in another way. */
  ReservoirFacts with(Footprint other) {
    return new ReservoirFacts(
        units, synapses, steps, other, seconds, compileSeconds, backend, device, shape);
  }

  /** Of two blocks of images in one reservoir. */
  ReservoirFacts plus(ReservoirFacts f) {
    return new ReservoirFacts(
        units,
        synapses,
        steps + f.steps,
        footprint,
        seconds + f.seconds,
        compileSeconds + f.compileSeconds,
        backend,
        device,
        shape);
  }
}
