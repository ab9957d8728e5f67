package spindle.train.classify;

import java.util.EnumMap;
import java.util.Map;
import spindle.backend.Backend;
import spindle.backend.Snapshot;
import spindle.ir.DType;
import spindle.ir.Trace;
import spindle.ir.Variable;
import spindle.train.Batch;
import spindle.train.encode.Tuning;
import spindle.train.loop.Minibatch;
import spindle.train.loop.Part;

/**
 * Trials of delayed match to sample: class 1 where the two directions are one, else 0.
 *
 * <p>Trial k has sample direction k mod n of n; every other group of n trials matches, and the
 * others go through all directions that differ. So directions and classes are balanced, and what is
 * random of a trial are its spikes.
 */
public final class Matching implements Samples {
  private final Tuning tuning;
  private final int directions;
  private final Map<Part, Integer> counts;

  /** What each direction adds to each channel [Hz]: channel j of direction d at j n + d. */
  private final float[] rates;

  /**
   * Prepares trials.
   *
   * @param tuning of the channels; its background is not used
   * @param directions evenly spaced, at least 2
   * @param counts number of trials of each part
   */
  public Matching(Tuning tuning, int directions, Map<Part, Integer> counts, Backend backend) {
    if (directions < 2) {
      throw new IllegalArgumentException("directions must be at least 2, got " + directions);
    }
    this.tuning = tuning;
    this.directions = directions;
    this.counts = new EnumMap<>(counts);
    this.rates = rates(backend);
  }

  private float[] rates(Backend backend) {
    var trace = new Trace("tuned rates");
    var bells = new Tuning(tuning.channels(), tuning.kappa(), tuning.peakHz(), 0);
    var angle = trace.index(directions).as(DType.F32).times(2 * Math.PI / directions);
    var all = bells.rates(new Batch(trace, directions), angle, trace.constant(DType.F32, 1));
    trace.declare(Variable.of("rates", all.type()));
    trace.store("rates", all);
    return (float[]) Snapshot.after(trace.finish(), Map.of(), backend).array("rates");
  }

  @Override
  public int count(Part part) {
    return counts.get(part);
  }

  @Override
  public int label(Part part, int sample) {
    return sample / directions % 2 == 0 ? 1 : 0;
  }

  private int tested(Part part, int sample) {
    int off = 1 + sample / (2 * directions) % (directions - 1);
    int first = sample % directions;
    return label(part, sample) == 1 ? first : (first + off) % directions;
  }

  @Override
  public Map<String, float[]> shown(Minibatch batch, int members) {
    var sample = new float[Math.multiplyExact(tuning.channels(), members)];
    var test = new float[sample.length];
    for (int b = 0; b < batch.size(); b++) {
      int trial = batch.samples()[b];
      for (int j = 0; j < tuning.channels(); j++) {
        sample[j * members + b] = rates[j * directions + trial % directions];
        test[j * members + b] = rates[j * directions + tested(batch.part(), trial)];
      }
    }
    return Map.of(Directions.SAMPLE, sample, Directions.TEST, test);
  }
}
