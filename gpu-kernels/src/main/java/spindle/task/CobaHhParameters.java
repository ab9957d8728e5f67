package spindle.task;

import static spindle.task.BalancedParameters.INF;

import java.util.List;
import java.util.stream.Stream;

/** The parameters of the COBA-HH network, with the place each default was taken from. */
final class CobaHhParameters {
  /** The cell of benchmarks 3: areas and densities, Traub and Miles' rates shifted to -63 mV. */
  private static final String BENCHMARK = "Brette et al. 2007, benchmark 3";

  private static final String BRIAN2 = "Brian2's COBAHH example";
  private static final double TINY = 1e-9;

  private CobaHhParameters() {}

  static List<Parameter> all() {
    return Stream.of(
            BalancedParameters.network(),
            BalancedParameters.synapses(),
            membrane(),
            channels(),
            drive(),
            BalancedParameters.background("6 nS"),
            initial(),
            BalancedParameters.simulation())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Parameter> membrane() {
    return List.of(
        Parameter.number("neuron.area", "20000 um2", TINY, INF, "membrane area of a neuron")
            .from(BENCHMARK),
        Parameter.number("neuron.c_m", "1 uF/cm2", TINY, INF, "membrane capacitance per area")
            .from(BENCHMARK),
        Parameter.number("neuron.g_leak", "0.05 mS/cm2", 0, INF, "leak conductance per area")
            .from(BENCHMARK),
        Parameter.number("neuron.e_leak", "-60 mV", -1000, 1000, "leak reversal potential")
            .from(BRIAN2),
        Parameter.number(
                "neuron.v_th",
                "-20 mV",
                -1000,
                1000,
                "a spike is a crossing from below; refractory while v is not below")
            .from(BRIAN2));
  }

  private static List<Parameter> channels() {
    return List.of(
        Parameter.number("neuron.g_na", "100 mS/cm2", 0, INF, "sodium conductance, gates open")
            .from(BENCHMARK),
        Parameter.number("neuron.e_na", "50 mV", -1000, 1000, "sodium reversal potential")
            .from(BENCHMARK),
        Parameter.number("neuron.g_k", "30 mS/cm2", 0, INF, "potassium conductance, gates open")
            .from(BENCHMARK),
        Parameter.number("neuron.e_k", "-90 mV", -1000, 1000, "potassium reversal potential")
            .from(BENCHMARK),
        Parameter.number("neuron.v_t", "-63 mV", -1000, 1000, "shifts the rates of all gates")
            .from(BENCHMARK));
  }

  private static List<Parameter> drive() {
    return List.of(
        Parameter.number("input.drive", "0 pA", -1e6, 1e6, "constant current into each neuron")
            .from(BRIAN2));
  }

  private static List<Parameter> initial() {
    return List.of(
        Parameter.number("init.v_mean", "-65 mV", -1000, 1000, "mean initial potential")
            .from(BRIAN2),
        Parameter.number("init.v_std", "5 mV", 0, 1000, "deviation of the initial potential")
            .from(BRIAN2),
        Parameter.number(
                "init.g_exc_mean", "40 nS", -INF, INF, "mean initial excitatory conductance")
            .from(BRIAN2),
        Parameter.number("init.g_exc_std", "15 nS", 0, INF, "its deviation").from(BRIAN2),
        Parameter.number(
                "init.g_inh_mean", "200 nS", -INF, INF, "mean initial inhibitory conductance")
            .from(BRIAN2),
        Parameter.number("init.g_inh_std", "120 nS", 0, INF, "its deviation").from(BRIAN2));
  }
}
