package spindle.train.classify;

import java.util.Map;
import spindle.train.loop.Minibatch;
import spindle.train.loop.Part;

/** What a classifier learns from and is judged by. */
public interface Samples {
  /** Number of samples of a part. */
  int count(Part part);

  /** Class of a sample. */
  int label(Part part, int sample);

  /**
   * States of the stimulus that show some samples.
   *
   * @param members places side by side; those behind the last sample are shown nothing
   * @return per state, element j of sample b at {@code j * members + b}
   */
  Map<String, float[]> shown(Minibatch batch, int members);
}
