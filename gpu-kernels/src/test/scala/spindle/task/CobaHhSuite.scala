package spindle.task

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite
import spindle.backend.Backend
import spindle.backend.cpu.CpuBackend
import spindle.backend.reference.ReferenceBackend
import spindle.compile.{Jvm, Mode}
import spindle.sim.Simulation

@spindle.Gpu
class CobaHhSuite extends AnyFunSuite with BalancedTrials {
  override val task: Task = new CobaHh
  private val small = Map("net.neurons" -> "200", "sim.duration" -> "20 ms")

  /** The conductances of BrainPy's script. */
  private val weak = Map("syn.g_exc" -> "0.6 nS", "syn.g_inh" -> "6.7 nS", "net.weights" -> "literal") ++
    Seq("exc", "inh").flatMap(which => Seq(s"init.g_${which}_mean" -> "0 nS", s"init.g_${which}_std" -> "0 nS"))

  for (precision <- Seq("float32", "float64")) {
    test(s"reference = cpu, bit for bit, with all that is recorded: $precision") {
      sameEverywhere(small + ("sim.precision" -> precision))
    }
  }

  test("reference = cpu with Poisson input, current, delays of their own and literal weights") {
    sameEverywhere(small ++ Map("input.rate" -> "100 Hz", "input.drive" -> "200 pA", "syn.delay_law" -> "uniform",
      "net.weights" -> "literal", "net.p" -> "0.3"))
  }

  test("every way to write loops gives the states of the reference, and any number of threads") {
    val network = CobaHh.network(settings(Map("net.neurons" -> "8201")))
    val state = Seq("v", "m", "h", "n", "g_exc", "g_inh")
    def after(backend: Backend): Seq[Seq[Long]] = {
      val simulation = new Simulation(network, 1, backend)
      try {
        simulation.run(12)
        val all = network.populations.get(0).all
        state.map { s =>
          val values = new Array[Double](all.size)
          simulation.read(all, s, values.indices.toArray, values)
          values.toSeq.map(java.lang.Double.doubleToRawLongBits)
        }
      } finally simulation.close()
    }
    val expected = after(new ReferenceBackend)
    val modes = Mode.PLAIN +: Seq(Mode.VECTOR, Mode.LONG).filter(_ => Jvm.hasVectors)
    for (mode <- modes; threads <- Seq(1, 2)) assert(after(new CpuBackend(mode, threads)) == expected, s"$mode, $threads threads")
  }

  test("4,000 neurons fire at 31 to 42 Hz with Brian2's conductances, at 6 to 11 Hz with BrainPy's") {
    for ((values, low, high) <- Seq((Map.empty[String, String], 31, 42), (weak, 6, 11))) {
      val (outcome, _) = run(values + ("sim.duration" -> "250 ms"))
      assert(outcome.status === Outcome.Status.OK)
      val rate = outcome.metrics.get("mean_rate").doubleValue
      assert(rate > low && rate < high)
    }
  }

  test("conductances start as told, and are told in nS") {
    val (_, kept) = run(Map("sim.duration" -> "0.1 ms"), recording = recording(0.1, 3200, 0.1))
    val traces = kept.traces.filter(t => t.population == "E" && t.variable.startsWith("g_")).map(t => t.variable -> t).toMap
    // After one step, which takes 1 or 2 %.
    for ((name, mean, deviation) <- Seq(("g_exc", 40 * math.exp(-0.02), 15.0), ("g_inh", 200 * math.exp(-0.01), 120.0))) {
      val g = traces(name).values.map(_.toDouble)
      assert(traces(name).unit === "nS" && g.length === 3200)
      assert((g.sum / g.length - mean).abs < 5 * deviation / math.sqrt(3200), name)
    }
  }

  test("a cell scales with its area: currents and conductances per area stay") {
    def spikes(values: (String, String)*) = run(small ++ values)._1.spikes
    val twice = Map("syn.g_exc" -> "12 nS", "syn.g_inh" -> "134 nS", "init.g_exc_mean" -> "80 nS", "init.g_exc_std" -> "30 nS",
      "init.g_inh_mean" -> "400 nS", "init.g_inh_std" -> "240 nS", "neuron.area" -> "4e-4 cm2")
    assert(spikes(twice.toSeq: _*) === spikes())
    assert(spikes("neuron.g_na" -> "0.1 S/cm2") === spikes())
  }

  test("guards end a runaway and a silent network, and a state that is not finite ends the trial") {
    val long = small + ("sim.duration" -> "400 ms")
    val (runaway, _) = run(long, guards = new Guards(10, 1e9))
    assert(runaway.status === Outcome.Status.STOPPED && runaway.reason.startsWith("runaway: network fires at"))
    val (silent, _) = run(long ++ weak + ("neuron.g_na" -> "0 mS/cm2"), guards = new Guards(1e9, 100))
    assert(silent.status === Outcome.Status.STOPPED && silent.reason.startsWith("silent: network has no spike for"))
    val reasons = Seq("reference", "cpu").map { backend =>
      val (diverged, _) = run(small + ("syn.g_exc" -> "3e38 nS"), backend = backend)
      assert(diverged.status === Outcome.Status.DIVERGED && diverged.metrics.isEmpty)
      diverged.reason
    }
    assert(reasons.distinct.size === 1 && reasons.head.matches("(v|m|h|n|g_exc|g_inh) of [EI] neuron [0-9]+ is not finite at step [0-9]+"))
  }

  test("what contradicts is refused by name; a quantity per area needs its unit") {
    val e = intercept[IllegalArgumentException](run(small + ("syn.delay" -> "0.25 ms")))
    assert(e.getMessage === "syn.delay = 0.25 ms must be a multiple of sim.dt = 0.1 ms; nearest is 0.2 ms")
    for (wrong <- Seq("100", "100 mS", "100 mV")) assertThrows[IllegalArgumentException](settings(Map("neuron.g_na" -> wrong)))
    assert(task.check(new Trial(settings(Map.empty), 1, "cpu", everything, Guards.NONE)).asScala.isEmpty)
  }
}
