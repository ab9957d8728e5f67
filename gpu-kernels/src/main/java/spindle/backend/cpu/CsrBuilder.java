package spindle.backend.cpu;

import java.util.Arrays;
import spindle.compile.RowLoop;
import spindle.compile.Synapses;
import spindle.ir.Rows;

/** Stores rows by walking them once. */
final class CsrBuilder {
  private final Rows rows;
  private final RowLoop loop;
  private final Synapses row = new Synapses();
  private int[] columns = new int[1024];
  private double[] weights = new double[0];
  private int size;

  private CsrBuilder(Rows rows, RowLoop loop) {
    this.rows = rows;
    this.loop = loop;
  }

  static Csr build(Rows rows, RowLoop loop) {
    return new CsrBuilder(rows, loop).build();
  }

  private Csr build() {
    var indptr = new int[rows.rows() + 1];
    for (int i = 0; i < rows.rows(); i++) {
      walk(i);
      append();
      indptr[i + 1] = size;
    }
    if (rows.byPost()) {
      indptr = transpose(indptr);
    }
    return pack(indptr);
  }

  private void walk(int i) {
    row.clear();
    for (int chunk = 0; chunk < rows.chunks(); chunk++) {
      loop.list(i, chunk, row);
    }
  }

  private void append() {
    int count = row.count();
    if (size + count > columns.length) {
      columns = Arrays.copyOf(columns, grown(count));
    }
    for (int k = 0; k < count; k++) {
      columns[size + k] = row.column(k);
    }
    if (rows.weighted()) {
      if (weights.length < columns.length) {
        weights = Arrays.copyOf(weights, columns.length);
      }
      for (int k = 0; k < count; k++) {
        weights[size + k] = row.weight(k);
      }
    } else {
      Arrays.sort(columns, size, size + count); // neighbours in memory are visited together
    }
    size += count;
  }

  private int grown(int count) {
    long wish = Math.max((long) size + count, columns.length + (columns.length >> 1) + 1024L);
    if ((long) size + count > Integer.MAX_VALUE - 16) {
      throw new IllegalArgumentException(
          rows.name() + " has more than 2^31 synapses; use regenerated storage");
    }
    return (int) Math.min(wish, Integer.MAX_VALUE - 16);
  }

  /** Turns rows by post into rows by pre, targets ascending within each. */
  private int[] transpose(int[] byPost) {
    var indptr = new int[rows.columns() + 1];
    for (int k = 0; k < size; k++) {
      indptr[columns[k] + 1]++;
    }
    for (int i = 0; i < rows.columns(); i++) {
      indptr[i + 1] += indptr[i];
    }
    int[] next = indptr.clone();
    var posts = new int[size];
    var moved = new double[rows.weighted() ? size : 0];
    for (int j = 0; j < rows.rows(); j++) {
      for (int k = byPost[j]; k < byPost[j + 1]; k++) {
        int at = next[columns[k]]++;
        posts[at] = j;
        if (rows.weighted()) {
          moved[at] = weights[k];
        }
      }
    }
    columns = posts;
    weights = moved;
    return indptr;
  }

  private Csr pack(int[] indptr) {
    boolean fits = rows.post() <= Character.MAX_VALUE + 1;
    var narrow = new char[fits ? size : 0];
    for (int k = 0; k < narrow.length; k++) {
      narrow[k] = (char) columns[k];
    }
    int[] wide = fits ? new int[0] : Arrays.copyOf(columns, size);
    double[] exact = rows.weighted() ? Arrays.copyOf(weights, size) : new double[0];
    var single = new float[exact.length];
    boolean lossless = true;
    for (int k = 0; k < single.length; k++) {
      single[k] = (float) exact[k];
      lossless &= single[k] == exact[k];
    }
    return lossless
        ? new Csr(indptr, narrow, wide, single, new double[0])
        : new Csr(indptr, narrow, wide, new float[0], exact);
  }
}
