package spindle.sweep

import java.util.{List => JList, Map => JMap}

import scala.jdk.CollectionConverters._

import spindle.task._

/** A task with the parameters of a small network; its result is exact and cheap. */
class ToyNetwork(name: String) extends Task {
  def this() = this("toy-net")

  private val Inf = Double.PositiveInfinity

  private val parameters: JList[Parameter] = JList.of(
    Parameter.count("net.neurons", 4000, 1, 10_000_000, "neurons"),
    Parameter.number("net.exc_fraction", "0.8", 0, 1, "excitatory share"),
    Parameter.choice("net.weights", JList.of("canonical", "literal"), "scaling"),
    Parameter.count("net.degree", 80, 0, 1_000_000, "synapses per neuron"),
    Parameter.number("net.p", "0.02", 0, 1, "connection probability"),
    Parameter.choice(
      "net.connectivity",
      JList.of("bernoulli", "fixed-out-degree", "fixed-in-degree"),
      "law of the connections"
    ),
    Parameter.choice("net.storage", JList.of("auto", "stored", "regenerated"), "form"),
    Parameter.number("syn.g_exc", "6 nS", 0, Inf, "excitatory weight"),
    Parameter.number("syn.g_inh", "67 nS", 0, Inf, "inhibitory weight"),
    Parameter.number("syn.tau_exc", "5 ms", 1e-3, Inf, "decay"),
    Parameter.number("syn.tau_inh", "10 ms", 1e-3, Inf, "decay"),
    Parameter.number("syn.e_exc", "0 mV", -200, 200, "reversal"),
    Parameter.number("syn.e_inh", "-80 mV", -200, 200, "reversal"),
    Parameter.number("syn.delay", "0.1 ms", 0, 1000, "delay"),
    Parameter.number("neuron.tau_m", "20 ms", 1e-3, Inf, "membrane time constant"),
    Parameter.number("neuron.g_leak", "10 nS", 1e-6, Inf, "leak"),
    Parameter.number("neuron.v_rest", "-60 mV", -200, 200, "rest"),
    Parameter.number("neuron.v_th", "-50 mV", -200, 200, "threshold"),
    Parameter.number("neuron.v_reset", "-60 mV", -200, 200, "reset"),
    Parameter.number("neuron.t_ref", "5 ms", 0, 1000, "refractory time"),
    Parameter.number("input.drive", "20 mV", -1000, 1000, "constant drive"),
    Parameter.number("input.rate", "0 Hz", 0, 1e6, "Poisson rate"),
    Parameter.number("input.g", "0.6 nS", 0, Inf, "Poisson weight"),
    Parameter.number("init.v_mean", "-55 mV", -200, 200, "initial mean"),
    Parameter.number("init.v_std", "5 mV", 0, 200, "initial spread"),
    Parameter.number("sim.duration", "1 s", 0, Inf, "duration"),
    Parameter.number("sim.warmup", "0 ms", 0, Inf, "left out of metrics"),
    Parameter.number("sim.dt", "0.1 ms", 1e-4, 100, "step"),
    Parameter.choice("sim.precision", JList.of("float32", "float64"), "precision")
  )

  private val metrics: JList[Metric] = JList.of(
    Metric.of("mean_rate", "Hz", "spikes per neuron and second"),
    Metric.of("mean_rate_E", "Hz", "of E"),
    Metric.of("mean_rate_I", "Hz", "of I"),
    Metric.of("cv_isi", "", "irregularity"),
    Metric.of("synchrony_chi", "", "synchrony"),
    new Metric("realtime_factor", "", "wall time over model time", true)
  )

  override def smooth(): java.util.Optional[Smooth] = new CobaLif().smooth

  override def describe(): Task.Description =
    new Task.Description(
      name,
      "A network that only counts.",
      parameters,
      metrics,
      JList.of("E", "I"),
      JList.of("v", "g_exc", "g_inh", "rate")
    )

  /** A delay is a multiple of the step, a chunk and a trace interval too. */
  override def check(trial: Trial): JList[Conflict] = {
    val s = trial.settings
    val dt = s.number("sim.dt", Unit.MILLISECOND)
    val spans = Seq("syn.delay" -> s.number("syn.delay", Unit.MILLISECOND), "record.spikes.chunk" -> trial.recording.chunkMs) ++
      trial.recording.traces.asScala.zipWithIndex.map { case (t, i) => s"record.traces[$i].every" -> t.everyMs }
    spans.filter { case (_, ms) => math.abs(ms / dt - math.rint(ms / dt)) > 1e-9 }
      .map { case (key, ms) => new Conflict(JList.of(key, "sim.dt"), s"$key = $ms ms is no multiple of sim.dt = $dt ms") }
      .asJava
  }

  /** 10 ns per neuron and step, 100 B per neuron, 40 B of spikes per neuron and second. */
  override def cost(trial: Trial): Cost = {
    val s = trial.settings
    val n = s.count("net.neurons").toDouble
    val seconds = s.number("sim.duration", Unit.SECOND)
    val steps = n * seconds / s.number("sim.dt", Unit.SECOND)
    val kept = if (trial.recording.spikes.isEmpty) 0.0 else 40 * n * seconds
    new Cost(steps, 0, 80 * n, steps * 1e-8, 100 * n, kept)
  }

  override def run(trial: Trial, recorder: Recorder): Outcome = {
    val rate = trial.settings.number("syn.g_exc", Unit.NANOSIEMENS)
    val values: JMap[String, java.lang.Double] = Map("mean_rate" -> Double.box(rate)).asJava
    new Outcome(
      Outcome.Status.OK,
      "",
      values,
      trial.settings.count("net.neurons"),
      0,
      trial.settings.number("sim.duration", Unit.MILLISECOND),
      trial.settings.number("sim.dt", Unit.MILLISECOND),
      0,
      new Outcome.Timing(0, 0, 0),
      "cpu",
      "cpu",
      0
    )
  }
}
