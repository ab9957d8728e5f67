package spindle.task;

import java.util.List;

/** The parameters that balanced networks share, with the place each default was taken from. */
final class BalancedParameters {
  /** Review with benchmark networks: Brette et al., J Comput Neurosci 23:349 (2007). */
  static final String BENCHMARK = "Brette et al. 2007, benchmark 1";

  /** Scripts that came with the BrainPy paper: the drive and the start of the compared networks. */
  static final String SCRIPTS = "BrainPy scripts (arXiv 2311.05106)";

  static final String OWN = "this project";
  static final double INF = Double.POSITIVE_INFINITY;

  private BalancedParameters() {}

  static List<Parameter> network() {
    return List.of(
        Parameter.count("net.neurons", 4000, 1, 100_000_000, "number of neurons").from(BENCHMARK),
        Parameter.number("net.exc_fraction", "0.8", 0, 1, "share of excitatory neurons")
            .from(BENCHMARK),
        Parameter.choice(
                "net.weights",
                List.of("canonical", "literal"),
                "canonical: p = degree / neurons; literal: fixed p, weights / (neurons / 4000)")
            .from(SCRIPTS),
        Parameter.number("net.degree", "80", 0, INF, "mean in-degree of the canonical form")
            .usedWhen("net.weights", "canonical")
            .from("0.02 x 4000 of " + BENCHMARK),
        Parameter.number("net.p", "0.02", 0, 1, "connection probability of the literal form")
            .usedWhen("net.weights", "literal")
            .from(BENCHMARK),
        Parameter.choice(
                "net.connectivity",
                List.of("bernoulli", "fixed-out-degree", "fixed-in-degree"),
                "law of the random graph")
            .from(BENCHMARK),
        Parameter.choice(
                "net.storage",
                List.of("auto", "stored", "regenerated"),
                "how synapses are kept; same bits either way")
            .from(OWN));
  }

  static List<Parameter> synapses() {
    return List.of(
        Parameter.number("syn.g_exc", "6 nS", 0, INF, "conductance per excitatory spike")
            .from(BENCHMARK),
        Parameter.number("syn.g_inh", "67 nS", 0, INF, "conductance per inhibitory spike")
            .from(BENCHMARK),
        Parameter.number("syn.tau_exc", "5 ms", 1e-9, INF, "excitatory decay time").from(BENCHMARK),
        Parameter.number("syn.tau_inh", "10 ms", 1e-9, INF, "inhibitory decay time")
            .from(BENCHMARK),
        Parameter.number("syn.e_exc", "0 mV", -1000, 1000, "excitatory reversal potential")
            .from(BENCHMARK),
        Parameter.number("syn.e_inh", "-80 mV", -1000, 1000, "inhibitory reversal potential")
            .from(BENCHMARK),
        Parameter.number("syn.delay", "0.1 ms", 0, 1e6, "from spike to arrival, at least one step")
            .from(OWN),
        Parameter.choice(
                "syn.delay_law",
                List.of("constant", "uniform"),
                "constant: syn.delay; uniform: each synapse its own, to syn.delay_max")
            .from(OWN),
        Parameter.number("syn.delay_max", "1.6 ms", 0, 1e6, "longest delay of the uniform law")
            .from(OWN));
  }

  /** Poisson input, one source per neuron onto the excitatory receptor. */
  static List<Parameter> background(String conductance) {
    return List.of(
        Parameter.number("input.rate", "0 Hz", 0, 1e6, "rate of one Poisson source per neuron")
            .from(OWN),
        Parameter.number("input.g", conductance, 0, INF, "conductance per background spike")
            .usedWhen("input.rate")
            .from(OWN));
  }

  static List<Parameter> simulation() {
    return List.of(
        Parameter.number("sim.duration", "1 s", 1e-9, 1e9, "simulated time").from(OWN),
        Parameter.number("sim.warmup", "0 ms", 0, 1e12, "time that metrics leave out").from(OWN),
        Parameter.number("sim.dt", "0.1 ms", 1e-6, 1000, "time step").from(BENCHMARK),
        Parameter.choice("sim.precision", List.of("float32", "float64"), "type of all state")
            .from(OWN));
  }
}
