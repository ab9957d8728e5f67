package spindle.sweep;

import java.util.List;

/**
 * Which points of the space spanned by the axes are run.
 *
 * @param derive named expressions, each may use parameters and those before it
 * @param where expressions that must all hold at a point
 * @param sampling how points are chosen
 */
public record Selection(List<Derived> derive, List<String> where, Sampling sampling) {
  /** The whole grid. */
  public static final Selection ALL = new Selection(List.of(), List.of(), Sampling.GRID);

  public Selection {
    derive = List.copyOf(derive);
    where = List.copyOf(where);
  }

  /**
   * A value computed from others.
   *
   * @param name a new name, or a parameter of the task that is neither fixed nor an axis
   * @param expression as in the file; quantities carry their unit
   */
  public record Derived(String name, String expression) {}

  /**
   * How points are chosen.
   *
   * @param method how points are drawn
   * @param n number of points drawn, 0 for a grid
   * @param seed root of the random numbers
   * @param over axes that are sampled jointly; the others stay a grid
   */
  public record Sampling(Method method, long n, long seed, List<String> over) {
    /** No sampling. */
    public static final Sampling GRID = new Sampling(Method.GRID, 0, 0, List.of());

    /** How points are drawn. */
    public enum Method {
      /** None are: every value meets every other. */
      GRID,
      /** Independently of each other. */
      RANDOM,
      /** The first points of a Sobol sequence, shifted by random numbers. */
      SOBOL,
      /** A latin hypercube: each axis is cut into n equal parts, and each part has one point. */
      LATIN
    }

    public Sampling {
      over = List.copyOf(over);
    }

    /** Whether any axis is sampled. */
    public boolean draws() {
      return n > 0;
    }
  }
}
