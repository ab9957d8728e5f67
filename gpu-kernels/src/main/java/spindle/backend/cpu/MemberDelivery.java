package spindle.backend.cpu;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import spindle.compile.Events;

/**
 * Delivers the events of a batch member by member: the sums of each come about in a vector of their
 * own, which stays in the cache, and are then written to those of the batch, which are 0 before. So
 * each is added up in the order of the rows, as everywhere.
 */
final class MemberDelivery implements Consumer<Events> {
  /** Members whose sums are written to the batch together: as many as a cache line holds. */
  private static final int TOGETHER = 16;

  /** Neurons together in a transposition: their lines stay in the L1 cache. */
  private static final int BLOCK = 64;

  private final int batch;
  private final int from;
  private final int to;
  private final float[] target;
  private final Events[] members;
  private final float[][] sums;
  private final List<Consumer<Events>> deliveries;

  /**
   * @param sink an array of {@code float[]}
   * @param post number of columns
   * @param share of the columns
   * @param alone makes the delivery of a member's events to a vector
   */
  MemberDelivery(Sink sink, int post, Share share, Function<float[], Consumer<Events>> alone) {
    this.batch = sink.batch();
    this.target = (float[]) sink.array();
    this.from = share.from(post);
    this.to = share.to(post);
    this.members = new Events[batch];
    this.sums = new float[Math.min(batch, TOGETHER)][post];
    this.deliveries = Arrays.stream(sums).map(alone).toList();
    Arrays.setAll(members, b -> new Events(0));
  }

  @Override
  public void accept(Events events) {
    sort(events);
    for (int first = 0; first < batch; first += TOGETHER) {
      int count = Math.min(TOGETHER, batch - first);
      for (int b = 0; b < count; b++) {
        Arrays.fill(sums[b], from, to, 0);
        deliveries.get(b).accept(members[first + b]);
      }
      for (int begin = from; begin < to; begin += BLOCK) {
        transpose(begin, Math.min(to, begin + BLOCK), first, count);
      }
    }
  }

  private void sort(Events events) {
    for (Events member : members) {
      member.clear();
    }
    int[] indices = events.indices();
    for (int e = 0; e < events.count(); e++) {
      int row = indices[e] / batch;
      members[indices[e] - row * batch].add(row);
    }
  }

  /** Four vectors at a time: as many streams are read one after the other. */
  private void transpose(int begin, int end, int first, int count) {
    int b = 0;
    for (; b + 4 <= count; b += 4) {
      float[] s0 = sums[b];
      float[] s1 = sums[b + 1];
      float[] s2 = sums[b + 2];
      float[] s3 = sums[b + 3];
      for (int j = begin; j < end; j++) {
        int at = j * batch + first + b;
        target[at] = s0[j];
        target[at + 1] = s1[j];
        target[at + 2] = s2[j];
        target[at + 3] = s3[j];
      }
    }
    for (; b < count; b++) {
      for (int j = begin; j < end; j++) {
        target[j * batch + first + b] = sums[b][j];
      }
    }
  }
}
