package spindle.train.loop;

/**
 * Samples that are shown together.
 *
 * @param part where they are from
 * @param samples their numbers within the part
 * @param firstId number of the first presentation of all; sample k is presentation firstId + k, and
 *     random input is drawn anew for each
 */
public record Minibatch(Part part, int[] samples, long firstId) {
  /** Number of samples. */
  public int size() {
    return samples.length;
  }
}
