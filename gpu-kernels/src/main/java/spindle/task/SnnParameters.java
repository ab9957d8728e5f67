package spindle.task;

import java.util.ArrayList;
import java.util.List;

/** The parameters of the spiking classifier, with the place each default was taken from. */
final class SnnParameters {
  /** The Fashion-MNIST script that came with the BrainPy paper. */
  private static final String SCRIPT = "BrainPy script (arXiv 2311.05106)";

  private static final String OWN = "this project";
  private static final List<String> NO_YES = List.of("no", "yes");

  private SnnParameters() {}

  static List<Parameter> all() {
    var all = new ArrayList<>(ImageSet.parameters());
    all.addAll(network());
    all.addAll(code());
    all.addAll(TrainingParameters.surrogate("arctan", "0.5 mV", "snnTorch's default"));
    all.addAll(loss());
    all.addAll(TrainingParameters.training(10, TrainingParameters.rate("0.003").from(OWN)));
    all.add(
        Parameter.number("train.valid", "0.1", 0, 0.9, "share of the training images held out")
            .from(OWN));
    all.addAll(TrainingParameters.limits());
    return all;
  }

  private static List<Parameter> network() {
    return List.of(
        Parameter.count("net.hidden", 100, 1, 100_000, "hidden neurons").from(SCRIPT),
        Parameter.choice("net.recurrent", NO_YES, "whether hidden neurons excite each other")
            .from(SCRIPT),
        Parameter.number("net.p", "1", 1e-9, 1, "probability of a synapse; 1: all to all")
            .from(SCRIPT),
        Parameter.number("net.gain", "5", 1e-9, 1e9, "variance of weights times fan in")
            .from(OWN + "; the script has Kaiming's 2, with steps of 0.1 ms"),
        Parameter.number("neuron.tau_m", "10 ms", 1e-3, 1e6, "membrane time constant").from(SCRIPT),
        Parameter.number("neuron.v_th", "1 mV", 1e-6, 1e6, "threshold above rest and reset")
            .from(SCRIPT),
        Parameter.number("neuron.tau_out", "5 ms", 1e-3, 1e6, "time constant of the outputs")
            .from(SCRIPT),
        Parameter.number("syn.tau", "10 ms", 1e-3, 1e6, "decay time of synapses").from(SCRIPT));
  }

  private static List<Parameter> code() {
    return List.of(
        Parameter.choice(
                "code.kind",
                List.of("latency", "poisson"),
                "latency: one spike, the earlier the brighter; poisson: rate by brightness")
            .from(SCRIPT),
        Parameter.number("code.tau", "20 ms", 1e-3, 1e6, "time constant of the latency code")
            .usedWhen("code.kind", "latency")
            .from(SCRIPT),
        Parameter.number("code.threshold", "0.2", 0, 0.999, "darkest brightness with a spike")
            .usedWhen("code.kind", "latency")
            .from(SCRIPT),
        Parameter.number("code.rate", "100 Hz", 0, 1e6, "rate of the brightest pixel")
            .usedWhen("code.kind", "poisson")
            .from(OWN),
        Parameter.number("sim.duration", "100 ms", 1e-3, 1e6, "how long an image is shown")
            .from(OWN),
        Parameter.number("sim.dt", "1 ms", 1e-6, 1000, "time step").from(OWN),
        Parameter.choice("sim.precision", List.of("float32", "float64"), "type of all state")
            .from(OWN));
  }

  private static List<Parameter> loss() {
    return List.of(
        Parameter.choice("learn.tau", NO_YES, "whether time constants are learned").from(OWN),
        Parameter.choice("learn.threshold", NO_YES, "whether the threshold is learned").from(OWN),
        Parameter.choice("loss.readout", List.of("max", "mean"), "score: of the output over time")
            .from(SCRIPT),
        Parameter.number("loss.penalty", "0", 0, 1e9, "factor of (rate - loss.rate)^2 in 1/Hz^2")
            .from(OWN),
        Parameter.number("loss.rate", "0 Hz", 0, 1e6, "rate asked of hidden neurons")
            .usedWhen("loss.penalty")
            .from(OWN));
  }
}
