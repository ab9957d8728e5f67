package spindle.task;

import static spindle.task.BalancedParameters.BENCHMARK;
import static spindle.task.BalancedParameters.INF;
import static spindle.task.BalancedParameters.SCRIPTS;

import java.util.List;
import java.util.stream.Stream;

/** The parameters of the COBA-LIF network, with the place each default was taken from. */
final class CobaLifParameters {
  private CobaLifParameters() {}

  static List<Parameter> all() {
    return Stream.of(
            BalancedParameters.network(),
            BalancedParameters.synapses(),
            neurons(),
            drive(),
            BalancedParameters.background("0.6 nS"),
            initial(),
            BalancedParameters.simulation())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Parameter> neurons() {
    return List.of(
        Parameter.number("neuron.tau_m", "20 ms", 1e-9, INF, "membrane time constant")
            .from(BENCHMARK),
        Parameter.number("neuron.g_leak", "10 nS", 1e-9, INF, "leak conductance")
            .from("5e-5 S/cm2 x 20,000 um2 of " + BENCHMARK),
        Parameter.number("neuron.v_rest", "-60 mV", -1000, 1000, "resting potential")
            .from(BENCHMARK),
        Parameter.number("neuron.v_th", "-50 mV", -1000, 1000, "threshold").from(BENCHMARK),
        Parameter.number("neuron.v_reset", "-60 mV", -1000, 1000, "reset potential")
            .from(BENCHMARK),
        Parameter.number("neuron.t_ref", "5 ms", 0, 1e6, "refractory time").from(BENCHMARK));
  }

  private static List<Parameter> drive() {
    return List.of(
        Parameter.number("input.drive", "20 mV", -1e6, 1e6, "constant drive, times resistance")
            .from(SCRIPTS));
  }

  private static List<Parameter> initial() {
    return List.of(
        Parameter.number("init.v_mean", "-55 mV", -1000, 1000, "mean initial potential")
            .from(SCRIPTS),
        Parameter.number("init.v_std", "5 mV", 0, 1000, "deviation of the initial potential")
            .from(SCRIPTS));
  }
}
