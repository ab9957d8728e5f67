package spindle.task

import scala.jdk.CollectionConverters._

import org.scalatest.Assertion
import org.scalatest.funsuite.AnyFunSuite

@spindle.Gpu
class CobaLifSuite extends AnyFunSuite with BalancedTrials {
  override val task: Task = new CobaLif
  private val small = Map("net.neurons" -> "200", "sim.duration" -> "40 ms")
  private val laws = Seq("bernoulli", "fixed-out-degree", "fixed-in-degree")

  for (law <- laws; precision <- Seq("float32", "float64")) {
    test(s"reference = cpu, bit for bit, in every form: $law, $precision") {
      sameEverywhere(small ++ Map("net.connectivity" -> law, "sim.precision" -> precision))
    }
  }

  test("reference = cpu with Poisson input, a long delay, a warm-up and literal weights") {
    sameEverywhere(small ++ Map("input.rate" -> "300 Hz", "syn.delay" -> "1.7 ms", "sim.warmup" -> "10 ms",
      "net.weights" -> "literal", "net.p" -> "0.3"))
  }

  for (law <- laws) {
    test(s"reference = cpu, bit for bit, in every form, with a delay per synapse: $law") {
      sameEverywhere(small ++ Map("net.connectivity" -> law, "syn.delay_law" -> "uniform", "syn.delay_max" -> "2.3 ms"))
    }
  }

  test("uniform delays between equal bounds are the constant delay, bit for bit") {
    for (delay <- Seq("0 ms", "0.1 ms", "1.7 ms"); storage <- Seq("stored", "regenerated"); precision <- Seq("float32", "float64")) {
      val constant = Map("net.neurons" -> "1000", "sim.duration" -> "100 ms", "syn.delay" -> delay,
        "net.storage" -> storage, "sim.precision" -> precision)
      val uniform = constant ++ Map("syn.delay_law" -> "uniform", "syn.delay_max" -> delay)
      val (a, b) = (run(constant, recording = everything), run(uniform, recording = everything))
      assert(a._1.spikes > 50 && exact(a._1) === exact(b._1) && a._2.bits == b._2.bits, s"$delay $storage $precision")
    }
  }

  test("the same seed gives the same spikes and metrics, another seed others") {
    val (a, b) = (run(small, recording = everything), run(small, recording = everything))
    assert(exact(a._1) === exact(b._1) && a._2.bits == b._2.bits)
    assert(run(small, seed = 2, recording = everything)._2.bits != a._2.bits)
  }

  for (form <- Seq("canonical", "literal")) {
    test(s"the $form network of 4000 neurons fires at 17 to 24 Hz, irregularly, over seeds 20 to 23") {
      val outcomes = (20 to 23).map(seed => run(Map("net.weights" -> form), seed)._1)
      assert(outcomes.forall(_.status == Outcome.Status.OK))
      def mean(metric: String) = outcomes.map(_.metrics.get(metric).doubleValue).sum / outcomes.size
      for (rate <- Seq("mean_rate", "mean_rate_E", "mean_rate_I")) assert(mean(rate) > 17 && mean(rate) < 24, rate)
      // Neurons fire in bursts, so intervals vary more than those of a Poisson process.
      assert(mean("cv_isi") > 1 && mean("cv_isi") < 2)
      assert(mean("synchrony_chi") > 0 && mean("synchrony_chi") < 0.3)
      outcomes.foreach { o =>
        assert((o.spikes / 4000.0 - o.metrics.get("mean_rate")).abs < 1e-9)
        assert((o.metrics.get("mean_rate_E") * 0.8 + o.metrics.get("mean_rate_I") * 0.2 - o.metrics.get("mean_rate")).abs < 1e-9)
        assert((o.synapses - 320000).abs < 5 * math.sqrt(320000))
        assert(o.neurons === 4000 && o.simulatedMs === 1000.0 && o.dtMs === 0.1 && o.peakBytes > 640000)
      }
    }
  }

  test("at 4000 neurons the canonical and the literal form are the same network") {
    val forms = Seq("canonical", "literal").map { form =>
      run(Map("net.weights" -> form, "sim.duration" -> "50 ms"), recording = recording(20, 5, 1))
    }
    assert(exact(forms(0)._1) === exact(forms(1)._1) && forms(0)._2.bits == forms(1)._2.bits)
  }

  test("activity of the canonical form does not depend on the size, of the literal form it does") {
    def rate(n: Int, form: String) =
      run(Map("net.neurons" -> s"$n", "net.weights" -> form, "sim.duration" -> "300 ms"), 20)._1.metrics.get("mean_rate").doubleValue
    assert((rate(8000, "canonical") / rate(4000, "canonical") - 1).abs < 0.2)
    assert(rate(16000, "literal") < 0.5 * rate(4000, "literal"))
  }

  test("a metric without a value is absent: a silent network has a rate and no CV") {
    val (o, _) = run(small + ("input.drive" -> "0 mV") + ("init.v_std" -> "0 mV"))
    assert(o.status === Outcome.Status.OK && o.spikes === 0)
    assert(o.metrics.get("mean_rate") === 0.0)
    assert(!o.metrics.containsKey("cv_isi") && !o.metrics.containsKey("synchrony_chi"))
    val (one, _) = run(small + ("net.exc_fraction" -> "1"))
    assert(one.metrics.containsKey("mean_rate_E") && !one.metrics.containsKey("mean_rate_I"))
  }

  test("metrics are declared, and of the declared names only") {
    val names = task.describe.metrics.asScala.map(_.name).toSet
    assert(run(Map("net.neurons" -> "1000", "sim.duration" -> "300 ms"))._1.metrics.keySet.asScala.toSet === names)
    assert(task.describe.metrics.asScala.filter(_.timing).map(_.name) === Seq("realtime_factor"))
  }

  test("spike chunks tile the time, add up to the spikes, and are in order") {
    for (chunkMs <- Seq(7.0, 20.0, 33.3, 500.0)) {
      val (o, kept) = run(small + ("sim.duration" -> "150 ms"), recording = recording(chunkMs, 1, 1))
      assert(kept.spikes.map(_.neuron.length.toLong).sum === o.spikes)
      for ((population, size) <- Seq("E" -> 160, "I" -> 40)) {
        val chunks = kept.spikes.filter(_.population == population)
        assert(chunks.map(_.chunk) === chunks.indices)
        assert(chunks.head.startStep === 0 && chunks.map(_.steps).sum === 1500)
        chunks.zip(chunks.tail).foreach { case (a, b) => assert(b.startStep === a.startStep + a.steps) }
        assert(chunks.init.forall(_.steps == math.round(chunkMs * 10)))
        chunks.foreach { c =>
          assert(c.stepOffset.forall(s => s >= 0 && s < c.steps) && c.neuron.forall(i => i >= 0 && i < size))
          val order = c.stepOffset.toSeq.zip(c.neuron.toSeq)
          assert(order === order.sorted.distinct)
        }
      }
    }
  }

  test("what is recorded does not depend on how time is cut") {
    def all(chunkMs: Double) = run(small, recording = recording(chunkMs, 1, 1))._2.spikes.toSeq
      .flatMap(c => c.stepOffset.toSeq.map(_ + c.startStep).zip(c.neuron.toSeq).map(s => (c.population, s))).sorted
    assert(all(1) === all(1000))
  }

  private lazy val states = variables.filterNot(_ == Recording.Trace.RATE)

  test("trace chunks sample every so many steps, neuron by neuron, to the end") {
    val (_, kept) = run(small + ("sim.duration" -> "150 ms"), recording = everything)
    for (p <- Seq("E", "I"); v <- states) {
      val chunks = kept.traces.filter(c => c.population == p && c.variable == v)
      assert(chunks.map(_.chunk) === chunks.indices)
      assert(chunks.forall(c => c.stride == 3 && c.neurons.toSeq == Seq(0, 1, 2) && c.values.length % 3 == 0))
      assert(chunks.forall(_.unit == (if (v == "v") "mV" else "g_leak")))
      assert(chunks.head.startStep === 3)
      chunks.zip(chunks.tail).foreach { case (a, b) => assert(b.startStep === a.startStep + a.values.length) }
      assert(chunks.map(_.values.length).sum === 500 * 3)
    }
    // More neurons than there are give those there are.
    val (_, more) = run(small, recording = recording(20, 1000, 10))
    assert(more.traces.filter(t => t.population == "I" && states.contains(t.variable)).forall(_.neurons.length == 40))
  }

  test("population rates count every spike of their bins once, over all neurons") {
    // 500 steps in bins of 3 leave 2 steps; those and the chunks of 1000 rows are the corners.
    for (ms <- Seq(50, 350)) {
      val (_, kept) = run(small + ("sim.duration" -> s"$ms ms"), recording = everything)
      for ((p, neurons) <- Seq("E" -> 160, "I" -> 40)) {
        val steps = kept.spikes.filter(_.population == p).flatMap(c => c.stepOffset.map(_ + c.startStep.toInt))
        val chunks = kept.traces.filter(t => t.population == p && t.variable == "rate")
        assert(chunks.map(_.startStep) === chunks.indices.map(k => (1000L * k + 1) * 3))
        assert(chunks.forall(c => c.unit == "Hz" && c.stride == 3 && c.neurons.isEmpty))
        val counted = chunks.flatMap(_.values).map(hz => hz * neurons * 0.3e-3)
        assert(counted.map(math.round(_)) === (0 until ms * 10 / 3).map(b => steps.count(_ / 3 == b).toLong))
        assert(counted.forall(n => (n - n.round).abs < 1e-4) && steps.size > 20)
      }
    }
  }

  private val everySpike = new Guards(Double.PositiveInfinity, Double.PositiveInfinity)

  private def cost(values: Map[String, String], recording: Recording = Recording.NONE): Cost =
    task.cost(new Trial(settings(values), 1, "cpu", recording, Guards.NONE))

  test("recordings cost what their traces take, clipped to the neurons there are") {
    val traces = recording(100, 1_000_000, 1)
    val four = Map("net.neurons" -> "1000", "sim.duration" -> "2 s")
    val spikes = cost(four, new Recording(java.util.List.of("E"), 100, java.util.List.of())).recordedBytes
    // three variables of all neurons and two rates, once a millisecond, 4 B each
    assert(cost(four, traces).recordedBytes === spikes + (3.0 * 1000 + 2) * 2000 * 4)
    assert(cost(four).recordedBytes === 0)
  }

  test("predicted memory is what the chosen storage takes") {
    // Plain loops hand values on in arrays, which the prediction counts; vector loops need none.
    val most = if (spindle.sim.Backends.named("cpu").device.contains("-bit")) 1.8 else 1.25
    for (n <- Seq("500", "4000"); storage <- Seq("stored", "regenerated")) {
      val values = Map("net.neurons" -> n, "sim.duration" -> "1 ms", "net.storage" -> storage)
      val (outcome, _) = run(values)
      val ratio = cost(values).bytes / outcome.peakBytes
      assert(ratio > 0.8 && ratio < most, s"$n $storage: $ratio")
    }
    val (below, above) = (cost(Map("net.neurons" -> "65536", "net.storage" -> "stored")), cost(Map("net.neurons" -> "65537", "net.storage" -> "stored")))
    assert(above.bytes > 1.7 * below.bytes, "columns of four bytes")
    val brief = cost(Map("net.neurons" -> "1000000", "sim.duration" -> "1 ms"))
    assert(brief.seconds > brief.synapses * 10e-9, "drawing the synapses of a short trial is most of its time")
  }

  test("a population without neurons records no trace, and sizes are told") {
    val (outcome, kept) = run(small + ("net.exc_fraction" -> "0"), recording = everything)
    assert(kept.traces.map(_.population).toSet === Set("I"))
    assert(outcome.populations.asScala.view.mapValues(_.toLong).toMap === Map("E" -> 0L, "I" -> 200L))
    assert(outcome.kernels.asScala.values.forall(_.matches("[0-9a-f]{64}")) && !outcome.kernels.isEmpty)
  }

  test("guards end a runaway and a silent network with the reason and the time") {
    val (runaway, _) = run(small + ("sim.duration" -> "1 s") + ("syn.g_inh" -> "0 nS"), guards = new Guards(60, 1e9))
    assert(runaway.status === Outcome.Status.STOPPED)
    assert(runaway.reason.matches("runaway: network fires at [0-9.]+ Hz > guards.max_rate 60 Hz after 100 ms"))
    assert(runaway.metrics.isEmpty && runaway.simulatedMs === 100.0 && runaway.spikes > 0)
    val (silent, kept) = run(small ++ Map("sim.duration" -> "1 s", "input.drive" -> "0 mV"),
      recording = recording(70, 1, 10), guards = new Guards(1e9, 200))
    assert(silent.status === Outcome.Status.STOPPED)
    assert(silent.reason.matches("silent: network has no spike for [0-9.]+ ms >= guards.silent_after [0-9.]+ ms after [0-9.]+ ms"))
    assert(silent.simulatedMs < 1000)
    assert(kept.spikes.filter(_.population == "E").map(_.steps).sum === math.round(silent.simulatedMs * 10))
    assert(run(small, guards = everySpike)._1.status === Outcome.Status.OK)
  }

  private def diverges(values: Map[String, String], reason: String): Assertion = {
    val found = Seq("reference", "cpu").map { backend =>
      val (o, kept) = run(small ++ values, backend = backend, recording = everything)
      assert(o.status === Outcome.Status.DIVERGED && o.metrics.isEmpty, backend)
      assert(o.reason.matches(reason), backend)
      val sound = o.reason.split(' ').last.toInt - 1
      assert(o.simulatedMs === sound * 0.1 && kept.spikes.map(_.neuron.length.toLong).sum === o.spikes)
      if (sound > 0) {
        val (before, same) = run(small ++ values + ("sim.duration" -> s"${sound / 10.0} ms"), backend = backend, recording = everything)
        assert(before.status === Outcome.Status.OK && before.spikes === o.spikes, "spikes up to the divergence, and no more")
        assert(same.spikes.map(_.neuron.toSeq) === kept.spikes.map(_.neuron.toSeq))
      }
      o.reason
    }
    assert(found.distinct.size === 1)
  }

  test("a state that is not finite ends the trial with variable, population, neuron and step") {
    val where = "(v|g_exc|g_inh) of [EI] neuron [0-9]+ is not finite at step [0-9]+"
    // Exponential Euler with a frozen conductance overshoots without bound once gain * g > 2.
    diverges(Map("syn.g_exc" -> "1e38 nS"), where)
    diverges(Map("syn.g_inh" -> "1e30 nS", "neuron.g_leak" -> "1e-6 nS"), where)
    diverges(Map("syn.g_inh" -> "1e300 nS", "sim.precision" -> "float64"), where)
  }

  private def refused(values: Map[String, String], message: String): Assertion =
    assert(intercept[IllegalArgumentException](run(small ++ values)).getMessage === message)

  test("settings that contradict each other are refused by name") {
    refused(Map("sim.warmup" -> "40 ms"),
      "sim.warmup = 40 ms must be below sim.duration = 40 ms; metrics need time after the warm-up")
    refused(Map("syn.delay" -> "0.25 ms"), "syn.delay = 0.25 ms must be a multiple of sim.dt = 0.1 ms; nearest is 0.2 ms")
    refused(Map("syn.delay_law" -> "uniform", "syn.delay_max" -> "0.25 ms"),
      "syn.delay_max = 0.25 ms must be a multiple of sim.dt = 0.1 ms; nearest is 0.2 ms")
    refused(Map("syn.delay_law" -> "uniform", "syn.delay" -> "2 ms"),
      "syn.delay = 2 ms must be at most syn.delay_max = 1.6 ms; these are its bounds")
    assert(run(small + ("syn.delay_max" -> "0.25 ms"))._1.status === Outcome.Status.OK, "unused")
    refused(Map("neuron.t_ref" -> "0.25 ms"), "neuron.t_ref = 0.25 ms must be a multiple of sim.dt = 0.1 ms; nearest is 0.2 ms")
    refused(Map("sim.duration" -> "40.05 ms"), "sim.duration = 40.05 ms must be a multiple of sim.dt = 0.1 ms; nearest is 40 ms")
    refused(Map("sim.duration" -> "1e-6 ms", "sim.dt" -> "10 ms", "syn.delay" -> "0 ms", "neuron.t_ref" -> "0 ms"),
      "sim.duration = 0.000001 ms must be at least one step of sim.dt = 10 ms")
    refused(Map("sim.duration" -> "1e9 ms"), "sim.duration = 1000000000 ms takes more than 2^31 steps of sim.dt = 0.1 ms")
    refused(Map("neuron.v_reset" -> "-50 mV"),
      "neuron.v_reset = -50 mV must be below neuron.v_th = -50 mV; a neuron would fire for ever")
    refused(Map("input.rate" -> "20 kHz"),
      "input.rate = 20 kHz needs more than one spike per step of sim.dt = 0.1 ms; lower one of them")
    for (law <- laws)
      refused(Map("net.neurons" -> "10", "net.connectivity" -> law),
        "net.degree = 80 must be at most net.neurons = 10: a neuron has at most one synapse from each; lower the degree")
    refused(Map("syn.g_exc" -> "1e308 nS", "neuron.g_leak" -> "1e-6 nS"), "exc: weight must be finite, got Infinity")
    val unknown = intercept[IllegalArgumentException](run(small, backend = "abacus"))
    assert(unknown.getMessage.startsWith("no backend \"abacus\"; known: "))
    val nobody = new Recording(java.util.List.of("X"), 20, java.util.List.of())
    assert(intercept[IllegalArgumentException](run(small, recording = nobody)).getMessage === "no population \"X\"")
    val odd = intercept[IllegalArgumentException](run(small, recording = recording(0.25, 1, 1)))
    assert(odd.getMessage.startsWith("record.spikes.chunk = 0.25 ms must be a multiple of sim.dt"))
  }

  test("a check names the parameters that clash, the one to change first") {
    def keys(values: (String, String)*) = task.check(new Trial(settings(small ++ values), 1, "cpu", recording(0.25, 1, 0.15), Guards.NONE))
      .asScala.map(_.keys.asScala.toSeq).toSeq
    assert(keys("syn.delay" -> "0.25 ms", "sim.warmup" -> "1 s") === Seq(Seq("syn.delay", "sim.dt"), Seq("sim.warmup", "sim.duration"),
      Seq("record.spikes.chunk", "sim.dt")) ++ (0 until 8).map(i => Seq(s"record.traces[$i].every", "sim.dt")))
    assert(task.check(new Trial(settings(Map.empty), 1, "cpu", everything, Guards.NONE)).isEmpty)
  }

  test("networks of one neuron and of every share of excitation run") {
    for (n <- Seq("1", "7", "64"); share <- Seq("0", "0.5", "1"); law <- laws) {
      val values = Map("net.neurons" -> n, "net.degree" -> n, "net.exc_fraction" -> share, "net.connectivity" -> law,
        "sim.duration" -> "20 ms")
      val (o, _) = run(values, recording = everything)
      assert(o.status === Outcome.Status.OK && o.neurons === n.toLong)
      assert(exact(o) === exact(run(values, backend = "reference", recording = everything)._1))
    }
  }

  test("the predicted cost grows with neurons, time and degree, and counts what is recorded") {
    def cost(values: (String, String)*): Cost = task.cost(new Trial(settings(values.toMap), 1, "auto", Recording.NONE, Guards.NONE))
    val one = cost()
    assert(one.neuronSteps === 4e7 && one.synapses === 320000.0 && one.recordedBytes === 0.0)
    assert(cost("sim.duration" -> "2 s").neuronSteps === 8e7)
    assert(cost("net.neurons" -> "8000").seconds > 1.5 * one.seconds)
    assert(cost("net.degree" -> "160").events === 2 * one.events)
    // Poisson input draws a number per neuron and step, float64 moves twice the bytes, and a
    // regenerated synapse is computed where a stored one is read.
    assert(cost("input.rate" -> "5 Hz").seconds > 2 * one.seconds)
    assert(cost("sim.precision" -> "float64").seconds > 1.3 * one.seconds)
    assert(cost("net.storage" -> "regenerated").seconds > 1.3 * one.seconds)
    assert(cost("net.storage" -> "regenerated").bytes < one.bytes)
    assert(task.cost(new Trial(settings(Map.empty), 1, "auto", everything, Guards.NONE)).recordedBytes > 0)
  }

  test("tasks are found by name, and describe themselves soundly") {
    assert(Tasks.named("coba-lif").isInstanceOf[CobaLif])
    assert(intercept[NoSuchElementException](Tasks.named("coba-life")).getMessage === "no model \"coba-life\"")
    for (t <- Tasks.all.asScala) {
      val d = t.describe
      assert(d.parameters.asScala.map(_.name).distinct.size === d.parameters.size)
      assert(d.parameters.asScala.forall(_.about.nonEmpty) && d.metrics.asScala.forall(_.about.nonEmpty))
      d.parameters.asScala.foreach(p => assert(Value.parse(p, p.fallback).toString === p.fallback, p.name))
    }
  }
}
