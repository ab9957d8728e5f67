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
    readers.forEach(
        (population, list) -> list.forEach(r -> pass(simulation.spikes(population), r)));
    readers.values().forEach(list -> list.forEach(r -> r.until(simulation.step())));
    simulation.forgetSpikes();
    return Verdict.GO_ON;
  }

  private static void pass(EventLog log, SpikeReader reader) {
    for (int k = 0; k < log.size(); k++) {
      reader.spike(log.step(k), log.index(k));
    }
  }
}
