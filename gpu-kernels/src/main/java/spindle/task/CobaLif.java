package spindle.task;

import static spindle.task.Unit.MILLISECOND;
import static spindle.task.Unit.MILLIVOLT;
import static spindle.task.Unit.NANOSIEMENS;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import spindle.model.Initial;
import spindle.model.Network;
import spindle.model.Receptor;
import spindle.model.neuron.Lif;
import spindle.model.synapse.Coba;
import spindle.model.synapse.Exponential;

/**
 * The balanced network of conductance-based integrate-and-fire neurons (Vogels and Abbott 2005, as
 * benchmarked by Brette et al. 2007): 80 % excitatory, 20 % inhibitory, exponential synapses.
 *
 * <p>{@code net.weights: canonical} keeps weights and in-degree while the size changes, so that
 * activity does too; {@code literal} keeps the connection probability and divides weights by
 * neurons / 4000, and activity falls with size.
 */
public final class CobaLif implements Task {
  private static final BalancedTask BALANCED =
      new BalancedTask(
          "coba-lif",
          new BalancedTask.Price(0.9e-9, 44, 20),
          CobaLif::membrane,
          rules ->
              rules
                  .multiple("neuron.t_ref")
                  .below("neuron.v_reset", "neuron.v_th", "a neuron would fire for ever"));

  @Override
  public Description describe() {
    return new Description(
        BALANCED.name(),
        "Balanced network of conductance-based LIF neurons (Vogels & Abbott 2005; Brette et al."
            + " 2007).",
        CobaLifParameters.all(),
        BalancedTask.metrics(),
        List.of("E", "I"),
        List.of("v", "g_exc", "g_inh", Recording.Trace.RATE));
  }

  private static BalancedNetwork.Membrane membrane(Settings s) {
    return new BalancedNetwork.Membrane(
        neuron(s),
        s.number("input.drive", MILLIVOLT),
        receptor(s, "exc"),
        receptor(s, "inh"),
        s.number("neuron.g_leak", NANOSIEMENS));
  }

  private static Lif neuron(Settings s) {
    return new Lif(
        s.number("neuron.tau_m", MILLISECOND),
        s.number("neuron.v_rest", MILLIVOLT),
        s.number("neuron.v_th", MILLIVOLT),
        s.number("neuron.v_reset", MILLIVOLT),
        s.number("neuron.t_ref", MILLISECOND),
        new Initial.Normal(s.number("init.v_mean", MILLIVOLT), s.number("init.v_std", MILLIVOLT)));
  }

  private static Receptor receptor(Settings s, String which) {
    return new Receptor(
        "g_" + which,
        new Exponential(s.number("syn.tau_" + which, MILLISECOND)),
        new Coba(s.number("syn.e_" + which, MILLIVOLT), "g_leak"));
  }

  /** The network for given settings. */
  public static Network network(Settings settings) {
    return BALANCED.network(settings);
  }

  @Override
  public Cost cost(Trial trial) {
    return BALANCED.cost(trial);
  }

  @Override
  public List<Conflict> check(Trial trial) {
    return BALANCED.check(trial);
  }

  @Override
  public Optional<Smooth> smooth() {
    List<String> membrane = List.of("neuron.tau_m", "neuron.g_leak", "input.drive", "input.g");
    List<String> parameters =
        Stream.of(BalancedSmooth.SYNAPSES, membrane).flatMap(List::stream).toList();
    return Optional.of(new BalancedSmooth(BALANCED, parameters, ""));
  }

  @Override
  public Outcome run(Trial trial, Recorder recorder) {
    return BALANCED.run(trial, recorder);
  }
}
