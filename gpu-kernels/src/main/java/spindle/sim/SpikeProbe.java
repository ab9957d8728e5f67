package spindle.sim;

import java.util.List;
import java.util.Map;
import spindle.backend.EventLog;
import spindle.model.Population;

/**
 * Empties the spike logs at regular steps and passes the spikes on.
 *
 * @param interval steps between looks; bounds the memory of the logs
 * @param readers who takes the spikes of each population
 */
public record SpikeProbe(int interval, Map<Population, List<SpikeReader>> readers)
    implements Probe {
  @Override
  public Verdict look(Simulation simulation) {
    pass(simulation, simulation.step());
    return Verdict.GO_ON;
  }

  /** Passes on the spikes of the steps before one and forgets the others. */
  public void pass(Simulation simulation, int end) {
    for (Map.Entry<Population, List<SpikeReader>> some : readers.entrySet()) {
      for (SpikeReader r : some.getValue()) {
        pass(simulation.spikes(some.getKey()), end, r);
      }
    }
    for (List<SpikeReader> some : readers.values()) {
      for (SpikeReader r : some) {
        r.until(end);
      }
    }
    simulation.forgetSpikes();
  }

  private static void pass(EventLog log, int end, SpikeReader reader) {
    for (int k = 0; k < log.size() && log.step(k) < end; k++) {
      reader.spike(log.step(k), log.index(k));
    }
  }
}
