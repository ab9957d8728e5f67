package spindle.sweep;

import org.apache.commons.math3.random.SobolSequenceGenerator;

/**
 * The numbers in [0, 1) that sampled axes get, each computed from the number of its point alone.
 *
 * <p>Random numbers depend on seed, axis and point: neither on how many points there are nor on the
 * other axes. Points of a Sobol sequence (direction numbers of Joe and Kuo 2008) have a coordinate
 * per sampled axis, in the order of {@code over}, and each axis is shifted by a random number
 * modulo 1 (Cranley and Patterson 1976), which leaves them as even and makes seeds differ. A latin
 * hypercube (McKay, Beckman and Conover 1979) of n points cuts each axis into n equal parts; a
 * random permutation says which of them a point gets, and a random number where in it.
 */
final class Draws {
  private static final int ROUNDS = 8;

  private final Selection.Sampling sampling;
  private final Hash hash = new Hash();
  private final SobolSequenceGenerator sequence;
  private double[] sobol = {};
  private long sobolPoint = -1;

  Draws(Selection.Sampling sampling) {
    this.sampling = sampling;
    this.sequence = new SobolSequenceGenerator(Math.max(1, sampling.over().size()));
  }

  /** The number of a sampled axis at a point. */
  synchronized double at(String axis, long point) {
    return switch (sampling.method()) {
      case GRID, RANDOM -> uniform(axis, point);
      case SOBOL -> {
        double u = sobol(point)[sampling.over().indexOf(axis)] + uniform(axis, -1);
        yield u - Math.floor(u);
      }
      case LATIN -> {
        // The largest number below 1 where rounding would give 1 itself.
        double u = (permuted(axis, point) + uniform(axis, point)) / (double) sampling.n();
        yield Math.min(u, Math.nextDown(1.0));
      }
    };
  }

  private double uniform(String axis, long point) {
    return hash.uniform("spindle-sample/1 " + sampling.seed() + " " + point + " " + axis);
  }

  private double[] sobol(long point) {
    if (point != sobolPoint) {
      sobol = sequence.skipTo(Math.toIntExact(point));
      sobolPoint = point;
    }
    return sobol;
  }

  /** A keyed permutation of the n parts: a Feistel network on pairs of digits, until inside. */
  private long permuted(String axis, long part) {
    long side = (long) Math.ceil(Math.sqrt((double) sampling.n()));
    long at = part;
    do {
      long a = at / side;
      long b = at % side;
      for (int round = 0; round < ROUNDS; round++) {
        double u =
            hash.uniform("spindle-latin/1 " + sampling.seed() + " " + axis + " " + round + " " + b);
        long next = (a + (long) (u * side)) % side;
        a = b;
        b = next;
      }
      at = a * side + b;
    } while (at >= sampling.n());
    return at;
  }
}
