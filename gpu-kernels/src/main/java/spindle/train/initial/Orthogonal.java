package spindle.train.initial;

import spindle.ir.Key;

/**
 * A random dense matrix whose rows or columns, whichever are fewer, are orthogonal and of length
 * {@code scale} (Saxe et al. 2014): uniform over all such matrices (Mezzadri 2007).
 *
 * <p>The orthogonal factor of a normal matrix, by Gram and Schmidt's method, each vector made
 * orthogonal twice (Giraud et al. 2005), which leaves errors of the order of rounding.
 *
 * @param scale length of the vectors, as BrainPy's scale and PyTorch's gain
 */
public record Orthogonal(double scale) implements Initializer {
  public Orthogonal {
    if (!(scale > 0 && scale < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("scale must be positive and finite, got " + scale);
    }
  }

  public Orthogonal() {
    this(1);
  }

  /**
   * The matrix of {@code fanIn} rows and {@code fanOut} columns.
   *
   * @throws IllegalArgumentException if the shape is not dense
   */
  @Override
  public double[] values(Shape shape, Key stream) {
    int rows = (int) shape.fanIn();
    int columns = (int) shape.fanOut();
    if (!shape.equals(Shape.dense(rows, columns))) {
      throw new IllegalArgumentException("only a dense matrix can be orthogonal, got " + shape);
    }
    double[] a = Draws.normal(Draws.uniform(shape.length(), stream));
    var vectors = new double[Math.min(rows, columns)][Math.max(rows, columns)];
    boolean byColumn = columns <= rows;
    for (int k = 0; k < a.length; k++) {
      int i = k / columns;
      int j = k % columns;
      vectors[byColumn ? j : i][byColumn ? i : j] = a[k];
    }
    orthonormalize(vectors);
    for (int k = 0; k < a.length; k++) {
      int i = k / columns;
      int j = k % columns;
      a[k] = scale * vectors[byColumn ? j : i][byColumn ? i : j];
    }
    return a;
  }

  /** Makes vectors orthogonal and of length 1, one after the other. */
  static void orthonormalize(double[][] vectors) {
    for (int n = 0; n < vectors.length; n++) {
      for (int earlier = 0; earlier < 2 * n; earlier++) {
        double[] q = vectors[earlier % n];
        add(vectors[n], -dot(q, vectors[n]), q);
      }
      double length = Math.sqrt(dot(vectors[n], vectors[n]));
      add(vectors[n], 1 / length - 1, vectors[n]);
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static void add(double[] to, double c, double[] x) {
    for (int i = 0; i < to.length; i++) {
      to[i] += c * x[i];
    }
  }
}
