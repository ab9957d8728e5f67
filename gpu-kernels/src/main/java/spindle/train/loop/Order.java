package spindle.train.loop;

import java.util.Comparator;
import java.util.stream.IntStream;
import spindle.ir.Key;
import spindle.train.initial.Shape;
import spindle.train.initial.Uniform;

/** In which order samples are shown. */
final class Order {
  private Order() {}

  /** Every sample once: sorted by deviates that are a function of seed and epoch. */
  static int[] shuffled(int samples, long seed, int epoch) {
    Key stream = Key.of(seed, "order of epoch " + epoch);
    double[] u = new Uniform(0, 1).values(Shape.vector(samples), stream);
    return IntStream.range(0, samples)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> u[i]).thenComparing(i -> i))
        .mapToInt(i -> i)
        .toArray();
  }

  /** As they are stored. */
  static int[] plain(int samples) {
    return IntStream.range(0, samples).toArray();
  }
}
