package spindle.model

import org.scalatest.funsuite.AnyFunSuite
import org.scalatestplus.scalacheck.ScalaCheckPropertyChecks
import org.scalacheck.Gen
import spindle.connect.{AllToAll, Bernoulli, Delayed, FixedOutDegree, Grid, OneToOne, Weighted}
import spindle.ir.{DType, Generators, Rows}
import spindle.model.synapse.{Coba, Cuba, Exponential}
import spindle.sim.{Networks, Simulation}
import spindle.sim.Networks.{lif, network, population, projection}

@spindle.Gpu
class NetworkSuite extends AnyFunSuite with ScalaCheckPropertyChecks {
  private val backend = Generators.everywhere
  private val current = new Receptor("i", new Exponential(5), new Cuba)
  private val decay = math.exp(-0.1 / 5)

  private def grid(height: Int, width: Int) = new Grid(height, width, true)

  /** A source that spikes once, in step k, and a silent target. */
  private def once(k: Int, delay: Double, receptor: Receptor = current, precision: DType = DType.F64): Network = {
    // v rises from -60 towards -60 + d and passes -50 between steps k and k + 1; refractory for long.
    val drive = 10 / (1 - math.exp(-(k + 0.5) * 0.1 / 20))
    val source = population("source", 1, lif(refractory = 1000), new Input.Constant(drive))
    val target = population("target", 1, lif(vThreshold = 1e6))
    network(Seq(source, target), Seq(projection("p", source, target, receptor, 2.0, delay)), precision = precision)
  }

  for (steps <- Seq(0, 1, 2, 5, 17)) {
    test(s"a spike of step k over a delay of $steps steps is felt at step k + ${steps max 1}, then decays") {
      for (backend <- Generators.backends) {
        val net = once(12, steps * 0.1)
        val spike = Networks.spikes(net, backend, 60)
        assert(spike.map(_._1) === Seq(12))
        val g = Networks.trace(net, backend, "i", 60, population = 1)
        val arrival = 12 + (steps max 1)
        assert(g.take(arrival).forall(_ == 0), backend.name)
        assert(g(arrival) === 2.0)
        (arrival until 60).foreach(k => assert((g(k) - 2 * math.pow(decay, k - arrival.toDouble)).abs < 1e-12))
      }
    }
  }

  for (d <- Seq(0, 1, 2, 5, 17); (law, delays) <- Seq("uniform" -> new Delays.Uniform(d * 0.1, d * 0.1),
      "distance" -> new Delays.Distance(grid(1, 1), grid(1, 1), 1, d * 0.1 + 0.04))) {
    test(s"a spike of step k over a delay per synapse of $d steps, $law, is felt at step k + ${d max 1} as well") {
      for (backend <- Generators.backends) {
        val one = once(12, d * 0.1)
        val q = one.projections.get(0)
        val own = Networks.delayed("p", one.populations.get(0), q.post, current, 2.0, delays)
        val net = network(Seq(one.populations.get(0), q.post), Seq(own))
        assert(Networks.trace(net, backend, "i", 60, 1) === Networks.trace(one, backend, "i", 60, 1), backend.name)
      }
    }
  }

  test("each synapse waits for its own delay, also where projections from one population differ in the longest") {
    // 64 neurons spike in step 12; what each target gets when, from a forgetful receptor.
    val forgetful = new Receptor("count", new Exponential(0.001), new Cuba)
    val drive = 10 / (1 - math.exp(-12.5 * 0.1 / 20))
    val source = population("source", 64, lif(refractory = 1000), new Input.Constant(drive))
    val target = population("target", 64, lif(vThreshold = 1e6))
    val short = Networks.delayed("short", source, target, forgetful, 1, new Delays.Uniform(0.2, 0.5))
    val long = Networks.delayed("long", source, target, forgetful, 100, new Delays.Distance(grid(8, 8), grid(8, 8), 5, 0.3))
    val late = projection("late", source, target, forgetful, 10000, 4.0)
    for (storage <- Seq(Rows.Storage.STORED, Rows.Storage.REGENERATED)) {
      def stored(q: Projection) = new Projection(q.name, q.pre, q.post, q.receptor, q.connectivity, storage, q.weight, q.delays)
      val net = network(Seq(source, target), Seq(short, long, late).map(stored))
      val all = Generators.backends.map { b =>
        val simulation = new Simulation(net, 1, b)
        Vector.fill(60) {
          simulation.run(1)
          val out = new Array[Double](64)
          simulation.read(target.all, "count", out.indices.toArray, out)
          out.map(math.rint).toVector
        }
      }
      assert(all.distinct.size === 1)
      def arrivals(k: Int, weight: Int) = all.head(k).count(x => (x / weight).toInt % 100 == 1)
      val steps = (0 until 60).filter(arrivals(_, 1) > 0)
      assert(steps === (14 to 17) && steps.map(arrivals(_, 1)).sum === 64)
      assert((0 until 60).filter(arrivals(_, 100) > 0).map(k => k -> arrivals(k, 100)) === Seq(15 -> 64))
      assert((0 until 60).filter(arrivals(_, 10000) > 0).map(k => k -> arrivals(k, 10000)) === Seq(52 -> 64))
    }
  }

  test("current output adds its current, conductance output drives towards the reversal potential") {
    val gain = 1 - math.exp(-0.1 / 20)
    for (e <- Seq(0.0, -80.0)) {
      val g = Networks.trace(once(5, 0.1, new Receptor("g", new Exponential(5), new Coba(e, "g_leak"))), backend, "g", 60, 1)
      val v = Networks.trace(once(5, 0.1, new Receptor("g", new Exponential(5), new Coba(e, "g_leak"))), backend, "v", 60, 1)
      g.indices.foldLeft(-60.0) { (u, k) =>
        val next = u + gain * (-60 - u + g(k) * (e - u))
        assert((v(k) - next).abs < 1e-12)
        next
      }
    }
    val i = Networks.trace(once(5, 0.1), backend, "i", 60, 1)
    val v = Networks.trace(once(5, 0.1), backend, "v", 60, 1)
    i.indices.foldLeft(-60.0) { (u, k) =>
      val next = u + gain * (-60 - u + i(k))
      assert((v(k) - next).abs < 1e-12)
      next
    }
    assert(v.max > -60)
  }

  // Merged and separate receptors add the same exponentials in another order: rounding only, which
  // grows with the number of events added, here below 1000.
  test("merged receptors equal separate ones for linear synapses, to rounding") {
    forAll(Gen.choose(0, 20), Gen.choose(0, 20), minSuccessful(6)) { (d1, d2) =>
      def target(names: (String, String)): Vector[Double] = {
        val source = population("source", 64, lif(refractory = 2), new Input.Constant(30))
        val cells = population("cells", 64, lif(vThreshold = 1e6))
        val receptors = (new Receptor(names._1, new Exponential(5), new Cuba), new Receptor(names._2, new Exponential(5), new Cuba))
        val projections = Seq(
          projection("a", source, cells, receptors._1, 0.3, d1 * 0.1, Some(new Bernoulli(64, 64, 0.2))),
          projection("b", source, cells, receptors._2, -0.1, d2 * 0.1, Some(new FixedOutDegree(64, 64, 9))))
        Networks.trace(network(Seq(source, cells), projections), backend, "v", 300, 1, 7)
      }
      val (merged, separate) = (target(("i", "i")), target(("i", "j")))
      merged.zip(separate).foreach { case (a, b) => assert((a - b).abs < 1e-11) }
      assert(merged.distinct.size > 100)
    }
  }

  test("synapses with weights of their own add weight times projection weight, on every backend the same bits") {
    val source = population("source", 64, lif(refractory = 2), new Input.Constant(60))
    val cells = population("cells", 65, lif(), new Input.Constant(5))
    for (storage <- Rows.Storage.values; precision <- Seq(DType.F32, DType.F64)) {
      val law = new Weighted(new Bernoulli(64, 65, 0.3), Weighted.Law.NORMAL, 1, 0.5)
      val q = new Projection("p", source.all, cells, current, law, storage, 0.5, 0.3)
      val net = network(Seq(source, cells), Seq(q), precision = precision)
      val all = Generators.backends.map(Networks.trace(net, _, "v", 80, 1, 3))
      assert(all.distinct.size === 1, s"$storage $precision")
      assert(Generators.backends.map(Networks.spikes(net, _, 80, 1)).distinct.size === 1)
    }
  }

  test("a Poisson input arrives at its rate, each neuron and step on its own") {
    // The receptor forgets within a step (exp(-100) of 1 is left), so its state is the arrivals.
    val forgetful = new Receptor("count", new Exponential(0.001), new Cuba)
    val (n, steps) = (200, 1000)
    for (rate <- Seq(0.0, 5.0, 200.0, 10000.0); precision <- Seq(DType.F32, DType.F64)) {
      val cells = population("cells", n, lif(vThreshold = 1e6), new Input.Poisson("background", rate, 1, forgetful))
      val simulation = new Simulation(network(Seq(cells), precision = precision), 3, backend)
      val out = new Array[Double](n)
      val counts = Vector.fill(steps) {
        simulation.run(1)
        simulation.read(cells.all, "count", out.indices.toArray, out)
        out.map(math.rint).sum
      }
      val p = rate * 1e-4
      val deviation = math.sqrt(n * steps * p * (1 - p))
      assert((counts.sum - n * steps * p).abs <= 4 * deviation, s"$rate Hz")
      val between = counts.map(c => (c - n * p) * (c - n * p)).sum
      assert((between - steps * n * p * (1 - p)).abs <= 4 * n * p * (1 - p) * math.sqrt(2.1 * steps) + 1e-9, s"$rate Hz")
    }
  }

  test("the initial state follows its law and its seed") {
    def start(initial: Initial, seed: Long, precision: DType): Array[Double] = {
      val cells = population("cells", 2000, new spindle.model.neuron.Lif(20, -60, 1e6, -60, 0, initial))
      val simulation = new Simulation(network(Seq(cells), precision = precision), seed, backend)
      val out = new Array[Double](2000)
      simulation.read(cells.all, "v", out.indices.toArray, out)
      out
    }
    for (precision <- Seq(DType.F32, DType.F64)) {
      val normal = start(new Initial.Normal(-55, 5), 1, precision)
      assert((normal.sum / 2000 + 55).abs < 4 * 5 / math.sqrt(2000))
      assert((normal.map(v => (v + 55) * (v + 55)).sum / 2000 / 25 - 1).abs < 4 * math.sqrt(2.0 / 2000))
      val uniform = start(new Initial.Uniform(-70, -50), 1, precision)
      assert(uniform.min > -70 && uniform.max <= -50 && (uniform.sum / 2000 + 60).abs < 4 * 20 / math.sqrt(12 * 2000))
      assert(start(new Initial.Constant(-61.5), 1, precision).forall(_ == -61.5))
      assert(start(new Initial.Normal(-55, 5), 1, precision).toSeq === normal.toSeq)
      assert(start(new Initial.Normal(-55, 5), 2, precision).toSeq !== normal.toSeq)
    }
  }

  private def refused(message: String)(make: => Any): Unit =
    assert(intercept[IllegalArgumentException](make).getMessage === message)

  test("times become whole steps, whatever the dt; others are refused with the nearest") {
    forAll(Gen.choose(0, 100000), Gen.oneOf(0.1, 0.05, 0.01, 0.025, 1.0, 0.2, 1.0 / 3)) { (n, dt) =>
      assert(Steps.of("t", n * dt, dt) === n)
    }
    refused("p.delay = 0.25 ms is no multiple of dt = 0.1 ms; nearest is 0.2 ms")(Assembly.of(once(5, 0.25), 1))
    def own(delays: Delays) = {
      val cells = population("cells", 6, lif())
      Assembly.of(network(Seq(cells), Seq(Networks.delayed("p", cells, cells, current, 1, delays))), 1)
    }
    refused("p.delay = 0.25 ms is no multiple of dt = 0.1 ms; nearest is 0.2 ms")(own(new Delays.Uniform(0.1, 0.25)))
    refused("p.delay = 0.12 ms is no multiple of dt = 0.1 ms; nearest is 0.1 ms")(own(new Delays.Uniform(0.12, 0.3)))
    own(new Delays.Distance(grid(2, 3), grid(2, 3), 0.7, 0.123)) // goes to the nearest step
    refused("t = 0.04 ms is no multiple of dt = 0.1 ms; nearest is 0.0 ms")(Steps.of("t", 0.04, 0.1))
    assert(intercept[IllegalArgumentException](Steps.of("t", 1e12, 0.1)).getMessage.contains("2^31"))
    assert(intercept[IllegalArgumentException](Steps.of("t", Double.NaN, 0.1)).getMessage.contains("t = NaN"))
  }

  test("what makes no network is refused with name, value and rule") {
    val cells = population("cells", 10, lif())
    refused("dt must be > 0 ms, got 0.0")(network(Seq(cells), dt = 0))
    refused("dt must be > 0 ms, got Infinity")(network(Seq(cells), dt = Double.PositiveInfinity))
    refused("two parts of the network are named cells")(network(Seq(cells, cells)))
    refused("cells: size must be >= 0, got -1")(population("cells", -1, lif()))
    refused("E must lie in [0, 10], got [3, 11)")(cells.group("E", 3, 11))
    refused("p: connectivity is 9 x 9, neurons are 10 x 10")(
      projection("p", cells, cells, current, 1, 0, Some(new OneToOne(9))))
    refused("p: weight must be finite, got NaN")(projection("p", cells, cells, current, Double.NaN, 0))
    refused("delay must be >= 0 ms, got -0.1")(projection("p", cells, cells, current, 1, -0.1))
    refused("the longest delay must be >= 0.3 ms, got 0.2")(new Delays.Uniform(0.3, 0.2))
    refused("p: delays of a projection stand in the projection, not in its connectivity")(Assembly.of(network(Seq(cells),
      Seq(projection("p", cells, cells, current, 1, 0.1, Some(new Delayed(new OneToOne(10), new Delayed.Constant(3)))))), 1))
    refused("synaptic time constant must be > 0 ms, got -5.0")(new Exponential(-5))
    refused("background: rate must be >= 0 Hz, got -1.0")(new Input.Poisson("background", -1, 1, current))
  }

  test("a Poisson rate beyond one spike per step is refused with the remedy") {
    val cells = population("cells", 10, lif(), new Input.Poisson("background", 20000, 1, current))
    refused("background: rate 20000.0 Hz needs more than one spike per step of 0.1 ms; lower the rate or dt")(
      Assembly.of(network(Seq(cells)), 1))
  }

  test("two receptors of one name but other dynamics are refused") {
    val cells = population("cells", 10, lif())
    val other = new Receptor("i", new Exponential(7), new Cuba)
    refused("cells has two states named i")(Assembly.of(network(Seq(cells),
      Seq(projection("a", cells, cells, current, 1, 0), projection("b", cells, cells, other, 1, 0))), 1))
  }

  test("one compiled program serves every value of every parameter") {
    def hash(tau: Double, drive: Double, weight: Double, p: Double): String = {
      val cells = population("cells", 10, lif(tau = tau), new Input.Constant(drive))
      val q = projection("p", cells, cells, current, weight, 0.5, Some(new Bernoulli(10, 10, p)))
      Assembly.of(network(Seq(cells), Seq(q)), 1).step.hash
    }
    assert(hash(20, 15, 1, 0.1) === hash(10, -3, 0.25, 0.9))
  }

  test("empty populations and projections run") {
    for (backend <- Generators.backends) {
      val (none, some) = (population("none", 0, lif()), population("some", 3, lif(), new Input.Constant(20)))
      val net = network(Seq(none, some), Seq(
        projection("a", none, some, current, 1, 0, Some(new AllToAll(0, 3))),
        projection("b", some, none, current, 1, 0, Some(new AllToAll(3, 0)))))
      assert(Networks.spikes(net, backend, 200, 1).nonEmpty)
      assert(Networks.spikes(net, backend, 200, 0).isEmpty)
    }
  }
}
