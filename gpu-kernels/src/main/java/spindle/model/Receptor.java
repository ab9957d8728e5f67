package spindle.model;

import java.util.ArrayList;
import java.util.List;

/**
 * A receptor of a population. Projections onto equal receptors share one state (align-post
 * merging), which is exact because the dynamics are linear in the arriving weights.
 *
 * @param name names its state: {@code g_exc}
 * @param synapse dynamics
 * @param output action on the membrane
 */
public record Receptor(String name, Synapse synapse, Output output) {
  /** Its states as the population names them; the first is what the output acts on. */
  public List<State> states() {
    var states = new ArrayList<State>();
    for (State s : synapse.states()) {
      String unit = states.isEmpty() ? output.unit() : s.unit();
      states.add(new State(state(s.name()), unit, s.initial()));
    }
    return List.copyOf(states);
  }

  /** The name of a state: the receptor's own for {@code g}, else with the state's. */
  String state(String state) {
    return state.equals("g") ? name : name + "_" + state;
  }
}
