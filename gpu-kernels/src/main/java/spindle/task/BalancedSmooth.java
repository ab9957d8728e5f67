package spindle.task;

import java.util.List;
import spindle.model.Group;
import spindle.model.Network;
import spindle.model.Population;
import spindle.train.fit.Observable;
import spindle.train.fit.Observable.Kind;

/**
 * What of a balanced network a gradient search can use.
 *
 * @param parameters that may be searched
 * @param conductance unit of mean conductances
 */
record BalancedSmooth(BalancedTask balanced, List<String> parameters, String conductance)
    implements Smooth {
  /** Parameters that every balanced network has. */
  static final List<String> SYNAPSES =
      List.of("syn.g_exc", "syn.g_inh", "syn.tau_exc", "syn.tau_inh");

  BalancedSmooth {
    parameters = List.copyOf(parameters);
  }

  @Override
  public List<Metric> targets() {
    return List.of(
        Metric.of("mean_rate", "Hz", "mean firing rate of all neurons").nonNegative(),
        Metric.of("mean_rate_E", "Hz", "mean firing rate of the excitatory neurons").nonNegative(),
        Metric.of("mean_rate_I", "Hz", "mean firing rate of the inhibitory neurons").nonNegative(),
        Metric.of(
                "cv_isi_pooled",
                "",
                "coefficient of variation of the intervals of all neurons pooled")
            .nonNegative(),
        Metric.of("v_mean", "mV", "membrane potential, mean over neurons and time"),
        Metric.of("v_std", "mV", "deviation of the potential over neurons and time").nonNegative(),
        Metric.of("g_exc_mean", conductance, "excitatory conductance, mean").nonNegative(),
        Metric.of("g_inh_mean", conductance, "inhibitory conductance, mean").nonNegative());
  }

  @Override
  public Network network(Settings settings) {
    return balanced.network(settings);
  }

  @Override
  public Observable observable(String target, Network network, Settings settings) {
    Population cells = network.populations().get(0);
    List<Group> groups = balanced.groups(network, settings);
    return switch (target) {
      case "mean_rate_E" -> Observable.rate(target, groups.get(0));
      case "mean_rate_I" -> Observable.rate(target, groups.get(1));
      case "cv_isi_pooled" -> Observable.irregularity(target, cells.all());
      case "v_mean" -> new Observable(target, Kind.MEAN, cells.all(), "v");
      case "v_std" -> new Observable(target, Kind.DEVIATION, cells.all(), "v");
      case "g_exc_mean" -> new Observable(target, Kind.MEAN, cells.all(), "g_exc");
      case "g_inh_mean" -> new Observable(target, Kind.MEAN, cells.all(), "g_inh");
      default -> Observable.rate(target, cells.all());
    };
  }
}
