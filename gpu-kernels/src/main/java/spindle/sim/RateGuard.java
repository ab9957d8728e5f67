package spindle.sim;

import spindle.model.Group;

/** Ends a simulation that runs away or falls silent. */
public final class RateGuard implements SpikeReader, Probe {
  private final Group group;
  private final int interval;
  private final double dtMs;
  private final double maxRateHz;
  private final double silentAfterMs;
  private long spikes;
  private int lastSpike;

  /**
   * @param interval steps over which the rate is taken
   * @param maxRateHz mean rate of the group that ends it [Hz]
   * @param silentAfterMs time without any spike that ends it [ms]
   */
  public RateGuard(Group group, int interval, double dtMs, double maxRateHz, double silentAfterMs) {
    this.group = group;
    this.interval = interval;
    this.dtMs = dtMs;
    this.maxRateHz = maxRateHz;
    this.silentAfterMs = silentAfterMs;
  }

  @Override
  public int interval() {
    return interval;
  }

  @Override
  public void spike(int step, int neuron) {
    if (neuron >= group.from() && neuron < group.to()) {
      spikes++;
      lastSpike = step;
    }
  }

  @Override
  public void until(int step) {}

  @Override
  public Verdict look(Simulation simulation) {
    double rate = spikes / (interval * dtMs * 1e-3 * group.size());
    spikes = 0;
    if (rate > maxRateHz) {
      return stopped("runaway: " + group.name() + " fires at " + (float) rate + " Hz", simulation);
    }
    double silence = (simulation.step() - lastSpike) * dtMs;
    return silence >= silentAfterMs
        ? stopped(
            "silent: no spike of " + group.name() + " for " + (float) silence + " ms", simulation)
        : Verdict.GO_ON;
  }

  private Verdict stopped(String what, Simulation simulation) {
    return new Verdict(
        Verdict.Kind.STOPPED, what + ", at " + (float) (simulation.step() * dtMs) + " ms");
  }
}
