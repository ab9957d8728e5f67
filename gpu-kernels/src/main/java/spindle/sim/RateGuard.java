package spindle.sim;

import java.math.BigDecimal;
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
      return stopped(
          "runaway: %s fires at %s Hz > guards.max_rate %s Hz"
              .formatted(group.name(), shown(rate), shown(maxRateHz)),
          simulation);
    }
    double silence = (simulation.step() - lastSpike) * dtMs;
    return silence >= silentAfterMs
        ? stopped(
            "silent: %s has no spike for %s ms >= guards.silent_after %s ms"
                .formatted(group.name(), shown(silence), shown(silentAfterMs)),
            simulation)
        : Verdict.GO_ON;
  }

  private Verdict stopped(String what, Simulation simulation) {
    return new Verdict(
        Verdict.Kind.STOPPED, what + " after " + shown(simulation.step() * dtMs) + " ms");
  }

  /** As users write it: 200 and not 200.0; the product of steps and dt has no odd last digit. */
  private static String shown(double value) {
    return new BigDecimal(Float.toString((float) value)).stripTrailingZeros().toPlainString();
  }
}
