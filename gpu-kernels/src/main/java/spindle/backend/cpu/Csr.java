package spindle.backend.cpu;

/**
 * Compressed sparse rows by presynaptic neuron.
 *
 * @param indptr where each row begins, with one entry more than rows
 * @param narrow columns if there are fewer than 65,536, else empty: half the memory traffic
 * @param wide columns otherwise
 * @param weights weight per synapse, empty if all are 1
 */
record Csr(int[] indptr, char[] narrow, int[] wide, float[] weights, double[] wideWeights) {
  long synapses() {
    return indptr[indptr.length - 1];
  }

  long bytes() {
    return 4L * indptr.length
        + 2L * narrow.length
        + 4L * wide.length
        + 4L * weights.length
        + 8L * wideWeights.length;
  }
}
