package spindle.train.optimizer;

import java.util.List;

/**
 * The learning rate of each update, in closed form: a pure function of the number of the update, or
 * of the epoch, as the caller counts. The same bits everywhere, by {@link StrictMath}.
 */
public sealed interface LearningRate {
  /**
   * The rate of an update.
   *
   * @param k from 0
   */
  double at(long k);

  /** Always the same. */
  record Constant(double rate) implements LearningRate {
    public Constant {
      requireRate(rate);
    }

    @Override
    public double at(long k) {
      return rate;
    }
  }

  /** rate gamma^floor(k / every). */
  record Step(double rate, long every, double gamma) implements LearningRate {
    public Step {
      requireRate(rate);
      requireCount("every", every);
      requireRate(gamma);
    }

    @Override
    public double at(long k) {
      return rate * power(gamma, k / every);
    }
  }

  /** rate gamma^n after n of the milestones. */
  record MultiStep(double rate, List<Long> milestones, double gamma) implements LearningRate {
    public MultiStep {
      requireRate(rate);
      milestones = List.copyOf(milestones);
      requireRate(gamma);
    }

    @Override
    public double at(long k) {
      int passed = 0;
      for (long milestone : milestones) {
        passed += k >= milestone ? 1 : 0;
      }
      return rate * power(gamma, passed);
    }
  }

  /** rate gamma^k. */
  record Exponential(double rate, double gamma) implements LearningRate {
    public Exponential {
      requireRate(rate);
      requireRate(gamma);
    }

    @Override
    public double at(long k) {
      return rate * power(gamma, k);
    }
  }

  /**
   * minimum + (rate - minimum) (1 + cos(pi k / steps)) / 2 (Loshchilov and Hutter 2017, equation
   * 5); after {@code steps} updates it rises again, as PyTorch's does.
   */
  record Cosine(double rate, long steps, double minimum) implements LearningRate {
    public Cosine {
      requireRate(rate);
      requireCount("steps", steps);
      requireRate(minimum);
    }

    @Override
    public double at(long k) {
      return minimum + (rate - minimum) * (1 + StrictMath.cos(Math.PI * k / steps)) / 2;
    }
  }

  /**
   * {@link Cosine} over {@code first} updates, then from the top over {@code factor} times as many,
   * and so on (Loshchilov and Hutter 2017).
   */
  record WarmRestarts(double rate, long first, int factor, double minimum) implements LearningRate {
    public WarmRestarts {
      requireRate(rate);
      requireCount("first", first);
      requireCount("factor", factor);
      requireRate(minimum);
    }

    @Override
    public double at(long k) {
      long since = factor == 1 ? k % first : k;
      long steps = first;
      while (since >= steps) {
        since -= steps;
        steps = Math.multiplyExact(steps, factor);
      }
      return new Cosine(rate, steps, minimum).at(since);
    }
  }

  private static double power(double gamma, long n) {
    return StrictMath.pow(gamma, (double) n);
  }

  private static void requireRate(double rate) {
    if (!(rate >= 0 && rate < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("rates and gamma must be at least 0, got " + rate);
    }
  }

  private static void requireCount(String name, long count) {
    if (count < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, got " + count);
    }
  }
}
