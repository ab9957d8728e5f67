package spindle.task;

import static spindle.task.Unit.MILLISECOND;
import static spindle.task.Unit.MILLIVOLT;
import static spindle.task.Unit.NANOSIEMENS;
import static spindle.task.Unit.PICOAMPERE;

import java.util.List;
import java.util.Optional;
import spindle.model.Initial;
import spindle.model.Network;
import spindle.model.Receptor;
import spindle.model.channel.Leak;
import spindle.model.channel.PotassiumTraubMiles;
import spindle.model.channel.SodiumTraubMiles;
import spindle.model.neuron.ConductanceBased;
import spindle.model.synapse.Coba;
import spindle.model.synapse.Exponential;
import spindle.sim.Backends;

/**
 * The balanced network of Hodgkin-Huxley neurons (benchmark 3 of Brette et al. 2007): cells of
 * Traub and Miles (1991), 80 % excitatory, 20 % inhibitory, exponential synapses.
 *
 * <p>Integrated by exponential Euler, each equation by its own derivative. The defaults are those
 * of Brian2's example; BrainPy's script has conductances of 0.6 and 6.7 nS, and none at first.
 */
public final class CobaHh implements Task {
  /** What 1 mS/cm2 is over an area of 1 um2 [nS]; of 1 uF/cm2 as much in pF. */
  private static final double PER_AREA = 0.01;

  private static final BalancedTask BALANCED =
      new BalancedTask("coba-hh", price(), CobaHh::membrane, rules -> {});

  /** Plain loops compute exponentials one by one and hand many values on in arrays. */
  private static BalancedTask.Price price() {
    return Backends.hasVectors()
        ? new BalancedTask.Price(5.5e-9, 100, 37)
        : new BalancedTask.Price(37e-9, 320, 37);
  }

  @Override
  public Description describe() {
    return new Description(
        BALANCED.name(),
        "Balanced network of Hodgkin-Huxley neurons (Traub & Miles 1991; Brette et al. 2007), with"
            + " Brian2's conductances; BrainPy's script has 0.6 nS, 6.7 nS and none at first.",
        CobaHhParameters.all(),
        BalancedTask.metrics(),
        List.of("E", "I"),
        List.of("v", "m", "h", "n", "g_exc", "g_inh", Recording.Trace.RATE));
  }

  private static BalancedNetwork.Membrane membrane(Settings s) {
    double drive = s.number("input.drive", PICOAMPERE);
    return new BalancedNetwork.Membrane(
        neuron(s), drive, receptor(s, "exc"), receptor(s, "inh"), 1);
  }

  private static ConductanceBased neuron(Settings s) {
    double area = s.number("neuron.area", Unit.SQUARE_MICROMETRE);
    double vT = s.number("neuron.v_t", MILLIVOLT);
    return new ConductanceBased(
        s.number("neuron.c_m", Unit.MICROFARAD_PER_SQUARE_CENTIMETRE) * area * PER_AREA,
        List.of(
            new Leak(open(s, "leak"), reversal(s, "leak")),
            new SodiumTraubMiles(open(s, "na"), reversal(s, "na"), vT),
            new PotassiumTraubMiles(open(s, "k"), reversal(s, "k"), vT)),
        s.number("neuron.v_th", MILLIVOLT),
        normal(s.number("init.v_mean", MILLIVOLT), s.number("init.v_std", MILLIVOLT)));
  }

  private static double open(Settings s, String channel) {
    double density = s.number("neuron.g_" + channel, Unit.MILLISIEMENS_PER_SQUARE_CENTIMETRE);
    return density * s.number("neuron.area", Unit.SQUARE_MICROMETRE) * PER_AREA;
  }

  private static double reversal(Settings s, String channel) {
    return s.number("neuron.e_" + channel, MILLIVOLT);
  }

  private static Receptor receptor(Settings s, String which) {
    Initial initial =
        normal(
            s.number("init.g_" + which + "_mean", NANOSIEMENS),
            s.number("init.g_" + which + "_std", NANOSIEMENS));
    return new Receptor(
        "g_" + which,
        new Exponential(s.number("syn.tau_" + which, MILLISECOND), initial),
        new Coba(s.number("syn.e_" + which, MILLIVOLT), "nS"));
  }

  private static Initial normal(double mean, double deviation) {
    return new Initial.Normal(mean, deviation);
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
    return Optional.of(new BalancedSmooth(BALANCED, BalancedSmooth.SYNAPSES, "nS"));
  }

  @Override
  public Outcome run(Trial trial, Recorder recorder) {
    return BALANCED.run(trial, recorder);
  }
}
