package spindle.backend.cpu;

import spindle.compile.Events;

/**
 * Delivers spikes through stored rows, one short loop per combination of column and target type.
 *
 * @param csr the matrix
 * @param buildSeconds time to build it here, nearly 0 when it was shared
 */
record StoredMatrix(Csr csr, double buildSeconds) implements Matrix {
  @Override
  public void deliver(Events events, Object target) {
    int[] pre = events.indices();
    int count = events.count();
    for (int e = 0; e < count; e++) {
      int from = csr.indptr()[pre[e]];
      int to = csr.indptr()[pre[e] + 1];
      if (csr.weights().length + csr.wideWeights().length > 0) {
        addWeights(from, to, target);
      } else if (target instanceof float[] f) {
        if (csr.narrow().length > 0) {
          count(csr.narrow(), from, to, f);
        } else {
          count(csr.wide(), from, to, f);
        }
      } else {
        count(from, to, (double[]) target);
      }
    }
  }

  private static void count(char[] columns, int from, int to, float[] target) {
    for (int k = from; k < to; k++) {
      target[columns[k]] += 1f;
    }
  }

  private static void count(int[] columns, int from, int to, float[] target) {
    for (int k = from; k < to; k++) {
      target[columns[k]] += 1f;
    }
  }

  private void count(int from, int to, double[] target) {
    for (int k = from; k < to; k++) {
      target[column(k)] += 1;
    }
  }

  private void addWeights(int from, int to, Object target) {
    boolean single = csr.weights().length > 0;
    for (int k = from; k < to; k++) {
      double w = single ? csr.weights()[k] : csr.wideWeights()[k];
      if (target instanceof float[] f) {
        f[column(k)] += (float) w;
      } else {
        ((double[]) target)[column(k)] += w;
      }
    }
  }

  private int column(int k) {
    return csr.narrow().length > 0 ? csr.narrow()[k] : csr.wide()[k];
  }

  @Override
  public long synapses() {
    return csr.synapses();
  }

  @Override
  public int[] outDegrees() {
    var degrees = new int[csr.indptr().length - 1];
    for (int i = 0; i < degrees.length; i++) {
      degrees[i] = csr.indptr()[i + 1] - csr.indptr()[i];
    }
    return degrees;
  }

  @Override
  public long bytes() {
    return csr.bytes();
  }
}
