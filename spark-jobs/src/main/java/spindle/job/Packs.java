package spindle.job;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.IntStream;
import spindle.sweep.Sweep;

/**
 * Spreads trials over Spark partitions, longest first: Spark starts partitions in their order.
 *
 * <p>Left alone, pack sizes shrink as the end comes near (guided self-scheduling): a pack takes its
 * share of half the remaining predicted time, so that few packs are made and all cores still end
 * together when predictions are off. Where a task runs trials side by side it gets enough of them.
 */
final class Packs {
  /** Below this predicted time a pack costs more in files and scheduling than in work [s]. */
  private static final double MIN_SECONDS = 0.5;

  private static final int MAX_TRIALS = 4096;

  private Packs() {}

  /**
   * Packs of all trials of a backlog.
   *
   * @param execution how many packs, 0: chosen; and in which order
   */
  static List<Pack> of(Backlog backlog, Sweep.Execution execution, Slots slots) {
    int partitions = execution.partitions();
    int[] order =
        switch (execution.order()) {
          case LONGEST_FIRST -> longestFirst(backlog);
          case PLAN -> IntStream.range(0, backlog.size()).toArray();
        };
    return partitions > 0
        ? even(backlog, order, Math.min(partitions, order.length))
        : guided(backlog, order, slots);
  }

  /** Indices by predicted time of their group's first, longest first, then by group and plan. */
  private static int[] longestFirst(Backlog backlog) {
    return IntStream.range(0, backlog.size())
        .boxed()
        .sorted(
            Comparator.<Integer>comparingDouble(i -> -backlog.seconds(backlog.group(i)))
                .thenComparingInt(backlog::group)
                .thenComparingInt(i -> i))
        .mapToInt(i -> i)
        .toArray();
  }

  /**
   * Number of packs that trials would make.
   *
   * @param seconds predicted time of each trial in order of plan [s]
   */
  static int count(double[] seconds, Sweep.Execution execution, Slots slots) {
    if (execution.partitions() > 0) {
      return Math.min(execution.partitions(), seconds.length);
    }
    double[] ordered = seconds.clone();
    if (execution.order() == Sweep.Execution.Order.LONGEST_FIRST) {
      Arrays.sort(ordered);
      for (int i = 0, j = ordered.length - 1; i < j; i++, j--) {
        double shorter = ordered[i];
        ordered[i] = ordered[j];
        ordered[j] = shorter;
      }
    }
    return ends(ordered, slots).length;
  }

  private static List<Pack> guided(Backlog backlog, int[] order, Slots slots) {
    double[] seconds = Arrays.stream(order).mapToDouble(backlog::seconds).toArray();
    var packs = new ArrayList<Pack>();
    int from = 0;
    for (int end : ends(seconds, slots)) {
      int to = Math.max(from, end);
      // Trials that share work stay together: the second finds what the first has left.
      while (to > from
          && to < order.length
          && backlog.group(order[to]) == backlog.group(order[to - 1])) {
        to++;
      }
      if (to > from) {
        packs.add(backlog.pack(Arrays.copyOfRange(order, from, to)));
      }
      from = to;
    }
    return packs;
  }

  /** The index behind the last trial of each pack, for trials in the order they are given out. */
  private static int[] ends(double[] seconds, Slots slots) {
    int[] ends = new int[seconds.length];
    int packs = 0;
    double sum = Arrays.stream(seconds).sum();
    // Where nothing is predicted, trials count alike.
    double floor = sum > 0 ? 0 : 1;
    double rest = sum + floor * seconds.length;
    int even = (seconds.length + slots.count() - 1) / slots.count();
    int least = Math.min(slots.least(), even);
    for (int from = 0; from < seconds.length; from = ends[packs++]) {
      double share = Math.max(rest / (2 * slots.count()), floor == 0 ? MIN_SECONDS : 1);
      double taken = 0;
      int to = from;
      do {
        taken += seconds[to] + floor;
        to++;
      } while (to < seconds.length
          && (taken < share || to - from < least)
          && to - from < MAX_TRIALS);
      ends[packs] = to;
      rest -= taken;
    }
    return Arrays.copyOf(ends, packs);
  }

  /** A pack under construction. */
  private record Load(int index, double seconds, int trials) {}

  /** A given number of packs of about equal predicted time: each trial to the least loaded. */
  private static List<Pack> even(Backlog backlog, int[] order, int count) {
    var chosen = new ArrayList<List<Integer>>();
    var loads =
        new PriorityQueue<Load>(
            Comparator.comparingDouble(Load::seconds)
                .thenComparingInt(Load::trials)
                .thenComparingInt(Load::index));
    for (int p = 0; p < count; p++) {
      chosen.add(new ArrayList<>());
      loads.add(new Load(p, 0, 0));
    }
    for (int i : order) {
      Load least = loads.remove();
      chosen.get(least.index()).add(i);
      double seconds = least.seconds() + backlog.seconds(i);
      loads.add(new Load(least.index(), seconds, least.trials() + 1));
    }
    return chosen.stream()
        .map(list -> backlog.pack(list.stream().mapToInt(Integer::intValue).toArray()))
        .sorted(Comparator.comparingDouble(Pack::seconds).reversed())
        .toList();
  }
}
