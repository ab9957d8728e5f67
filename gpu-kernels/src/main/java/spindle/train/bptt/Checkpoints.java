package spindle.train.bptt;

/**
 * Which states of an episode are kept while it runs forward.
 *
 * <p>States are kept at the start of every segment; going back, a segment is run again from there
 * with the state of each of its steps kept (Chen et al. 2016, arXiv 1604.06174). Whatever is kept,
 * gradients have the same bits, because steps that are run again are exactly the same.
 *
 * @param steps length of the episode
 * @param every steps per segment, in {@code [1, steps]}
 */
public record Checkpoints(int steps, int every) {
  public Checkpoints {
    if (steps < 1 || every < 1 || every > steps) {
      throw new IllegalArgumentException(
          "segments must have 1 to steps steps, got steps=" + steps + ", every=" + every);
    }
  }

  /** Every state is kept and nothing is run again. */
  public static Checkpoints storeAll(int steps) {
    return new Checkpoints(steps, steps);
  }

  /** The least memory, about 2 sqrt(steps) states. */
  public static Checkpoints root(int steps) {
    return new Checkpoints(steps, (int) Math.ceil(Math.sqrt(steps)));
  }

  /**
   * Memory of what is kept [B].
   *
   * @param state at the start of a segment
   * @param step of each step of the segment that is differentiated
   */
  public record Sizes(long state, long step) {
    private long of(Checkpoints plan) {
      return (plan.segments() - 1L) * state + plan.every * step;
    }
  }

  /**
   * As few steps run again as a memory budget allows.
   *
   * @param budgetBytes memory for all that is kept [B]
   * @throws OverBudgetException if no segments fit, naming what would be needed
   */
  public static Checkpoints within(int steps, Sizes sizes, long budgetBytes) {
    long least = Long.MAX_VALUE;
    for (int every = steps; every >= 1; every--) {
      var plan = new Checkpoints(steps, every);
      if (sizes.of(plan) <= budgetBytes) {
        return plan;
      }
      least = Math.min(least, sizes.of(plan));
    }
    throw new OverBudgetException(
        String.format(
            "%d steps of %d B need %d B of checkpoints at least, the budget is %d B;"
                + " raise it, or truncate the gradient to fewer steps",
            steps, sizes.step(), least, budgetBytes));
  }

  /** Number of segments. */
  public int segments() {
    return (steps + every - 1) / every;
  }

  /** States in memory at the same time: one per segment before the last, one per step of one. */
  public long states() {
    return segments() - 1L + every;
  }

  /** Steps that are run a second time. */
  public int repeated() {
    return (segments() - 1) * every;
  }
}
