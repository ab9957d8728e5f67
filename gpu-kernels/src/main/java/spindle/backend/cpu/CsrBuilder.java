package spindle.backend.cpu;

import java.lang.reflect.Array;
import java.util.Arrays;
import spindle.compile.RowLoop;
import spindle.compile.RowVisitor;
import spindle.ir.Rows;

/** Stores rows by walking them once. */
final class CsrBuilder {
  private static final int LARGEST = Integer.MAX_VALUE - 16;

  private final Rows rows;
  private final RowLoop loop;

  private CsrBuilder(Rows rows, RowLoop loop) {
    this.rows = rows;
    this.loop = loop;
  }

  static Csr build(Rows rows, RowLoop loop) {
    return new CsrBuilder(rows, loop).build();
  }

  private Csr build() {
    var all = new int[rows.rows()];
    Arrays.setAll(all, i -> i);
    var parts = new Part[rows.chunks()];
    for (int chunk = 0; chunk < parts.length; chunk++) {
      parts[chunk] = new Part();
      loop.visit(all, 0, all.length, chunk, Sums.ascending(parts[chunk]));
    }
    Part whole = parts.length == 1 ? parts[0] : joined(parts);
    if (rows.byPost()) {
      return pack(rows.delayed() ? byNeuron(transposed(whole)) : transposed(whole));
    }
    return pack(rows.delayed() && parts.length > 1 ? ascending(whole) : whole);
  }

  /** The columns of each chunk begin again with the longest delay. */
  private Part ascending(Part chunks) {
    var sorted = new Part(rows.rows(), chunks.size);
    RowVisitor sort = Sums.ascending(sorted);
    for (int i = 0; i < rows.rows(); i++) {
      sort.row(
          i,
          chunks.columns,
          chunks.indptr[i],
          chunks.indptr[i + 1],
          chunks.weights,
          chunks.indptr[i]);
    }
    return sorted;
  }

  /** Turns rows by source into rows by presynaptic neuron, columns once per delay. */
  private Part byNeuron(Part bySource) {
    var whole = new Part(rows.pre(), bySource.size);
    for (int i = 0; i < rows.pre(); i++) {
      for (int step = 0; step < rows.longest(); step++) {
        int begin = bySource.indptr[step * rows.pre() + i];
        int end = bySource.indptr[step * rows.pre() + i + 1];
        for (int k = begin; k < end; k++) {
          bySource.columns[k] += step * rows.post();
        }
        whole.row(i, bySource.columns, begin, end, bySource.weights, begin);
      }
    }
    return whole;
  }

  /** Rows inside one column chunk, then whole rows. */
  private final class Part implements RowVisitor {
    private final int[] indptr;
    private int[] columns;
    private Object weights;
    private int size;

    Part() {
      this(rows.rows(), 1024);
    }

    Part(int count, int synapses) {
      indptr = new int[count + 1];
      columns = new int[synapses];
    }

    @Override
    public void row(int row, int[] from, int begin, int end, Object own, int first) {
      int count = end - begin;
      if (size + count > columns.length || size + count < 0) {
        columns = Arrays.copyOf(columns, grown(count));
      }
      System.arraycopy(from, begin, columns, size, count);
      if (own != null) {
        if (weights == null || Array.getLength(weights) < columns.length) {
          Object longer = Array.newInstance(own.getClass().getComponentType(), columns.length);
          if (weights != null) {
            System.arraycopy(weights, 0, longer, 0, size);
          }
          weights = longer;
        }
        System.arraycopy(own, first, weights, size, count);
      }
      size += count;
      indptr[row + 1] = size;
    }

    private int grown(int count) {
      requireFit((long) size + count);
      long wish = Math.max((long) size + count, columns.length + (columns.length >> 1) + 1024L);
      return (int) Math.min(wish, LARGEST);
    }
  }

  private void requireFit(long synapses) {
    if (synapses > LARGEST) {
      throw new IllegalArgumentException(
          rows.name() + " has more than 2^31 synapses; use regenerated storage");
    }
  }

  private Part joined(Part[] parts) {
    long total = 0;
    for (Part p : parts) {
      total += p.size;
    }
    requireFit(total);
    var whole = new Part(rows.rows(), (int) total);
    for (int i = 0; i < rows.rows(); i++) {
      for (Part p : parts) {
        whole.row(i, p.columns, p.indptr[i], p.indptr[i + 1], p.weights, p.indptr[i]);
      }
    }
    return whole;
  }

  /** Turns rows by post into rows by source, targets ascending within each. */
  private Part transposed(Part byPost) {
    var t = new Part(rows.sources(), byPost.size);
    for (int k = 0; k < byPost.size; k++) {
      t.indptr[byPost.columns[k] + 1]++;
    }
    for (int i = 0; i < rows.sources(); i++) {
      t.indptr[i + 1] += t.indptr[i];
    }
    t.size = byPost.size;
    if (byPost.weights != null) {
      t.weights = Array.newInstance(byPost.weights.getClass().getComponentType(), t.size);
    }
    int[] next = t.indptr.clone();
    for (int j = 0; j < rows.rows(); j++) {
      for (int k = byPost.indptr[j]; k < byPost.indptr[j + 1]; k++) {
        int at = next[byPost.columns[k]]++;
        t.columns[at] = j;
        if (t.weights != null) {
          System.arraycopy(byPost.weights, k, t.weights, at, 1);
        }
      }
    }
    return t;
  }

  private Csr pack(Part p) {
    int width = rows.longest() * rows.post();
    float[] single = p.weights instanceof float[] f ? Arrays.copyOf(f, p.size) : new float[0];
    double[] exact = p.weights instanceof double[] d ? Arrays.copyOf(d, p.size) : new double[0];
    if (!rows.delayed() && consecutive(p)) {
      var starts = new int[p.indptr.length - 1];
      for (int i = 0; i < starts.length; i++) {
        starts[i] = p.indptr[i] < p.indptr[i + 1] ? p.columns[p.indptr[i]] : 0;
      }
      var shared = new int[width];
      Arrays.setAll(shared, j -> j);
      return new Csr(width, p.indptr, starts, new char[0], shared, single, exact);
    }
    boolean fits = width <= Csr.NARROW;
    var narrow = new char[fits ? p.size : 0];
    for (int k = 0; k < narrow.length; k++) {
      narrow[k] = (char) p.columns[k];
    }
    int[] wide = fits ? new int[0] : Arrays.copyOf(p.columns, p.size);
    return new Csr(width, p.indptr, p.indptr, narrow, wide, single, exact);
  }

  /** Whether there are rows to gain from, and the columns of each, which ascend, have no gap. */
  private static boolean consecutive(Part p) {
    for (int i = 0; i + 1 < p.indptr.length; i++) {
      int last = p.indptr[i + 1] - 1;
      if (last > p.indptr[i] && p.columns[last] - p.columns[p.indptr[i]] > last - p.indptr[i]) {
        return false;
      }
    }
    return p.size >= p.indptr.length;
  }
}
