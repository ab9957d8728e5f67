package spindle.train.encode;

import spindle.ir.DType;
import spindle.ir.Deviates;
import spindle.ir.Expr;
import spindle.train.Batch;

/**
 * A batch of stimuli in front of a network.
 *
 * @param batch members, one stimulus each
 * @param ids a number per presentation, i32 per member: random input is a function of stream, id,
 *     element and step, so that a stimulus that is shown again needs another id to be drawn anew
 * @param keys of the stream of random numbers
 * @param step number of the step since the stimuli began, an i32 scalar
 * @param dtMs time step [ms]
 */
public record Presentation(Batch batch, Expr ids, Deviates.Keys keys, Expr step, double dtMs) {
  public Presentation {
    if (!(dtMs > 0 && dtMs < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("dt must be a time > 0 ms, got " + dtMs);
    }
  }

  /** A uniform deviate in (0, 1] for each of {@code size} elements per member, at this step. */
  Expr uniform(DType dtype, int size) {
    return keys.at(step, batch.spread(ids, size)).uniform(dtype, batch.element(size));
  }
}
