package spindle.model

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite
import spindle.backend.{Arguments, Backend}
import spindle.connect.{Bernoulli, Csr, Weighted}
import spindle.grad.surrogate.Arctan
import spindle.ir.{DType, Generators, Rows, Type, Variable}
import spindle.model.neuron.{LeakyIntegrator, Lif}
import spindle.model.synapse.{Cuba, Exponential}
import spindle.sim.Networks.{delayed, lif, network, population}

/** A network assembled otherwise: copies, parameters and weights in variables, surrogates, more equations. */
@spindle.Gpu
class AssemblyFormSuite extends AnyFunSuite {
  private val current = new Receptor("i", new Exponential(5), new Cuba)
  private val start = new Initial.Uniform(-60, -50)
  private val cell = new Lif(20, -60, -50, -60, 0.2, start)
  private val a = population("a", 9, cell, new Input.Constant(40))
  private val b = population("b", 5, lif(refractory = 0), new Input.Constant(30))
  private val out = population("out", 2, new LeakyIntegrator(10))
  private val projections = Seq(
    delayed("p", a, b, current, 1.5, new Delays.Uniform(0.1, 0.4), Some(new Bernoulli(9, 5, 0.5))),
    delayed("q", b, b, current, -0.5, new Delays.Constant(0.3), Some(new Bernoulli(5, 5, 0.5))),
    delayed("r", b, out, current, 1.0, new Delays.Constant(0.1), Some(new Bernoulli(5, 2, 0.9))))
  private val plain = network(Seq(a, b, out), projections)

  private def form(members: Int = 1, variables: Set[String] = Set.empty, synapses: Map[String, Int] = Map.empty,
      surrogate: Boolean = false, observer: Assembly.Observer = (_, _) => ()) =
    new Assembly.Form(members, if (surrogate) new Arctan(2).spike(_) else _.heaviside, variables.asJava,
      synapses.map { case (k, v) => k -> Int.box(v) }.asJava, observer)

  /** Every variable after some steps, with some set before. */
  private def run(net: Network, form: Assembly.Form, backend: Backend, set: Map[String, Double] = Map.empty): Map[String, Seq[Double]] = {
    val assembly = Assembly.of(net, 4, form)
    val arguments = new Arguments(assembly.arguments, java.util.Set.of())
    val (initial, step) = (backend.load(assembly.initial, arguments), backend.load(assembly.step, arguments))
    try {
      initial.run(0, 1)
      def size(v: Variable) = v.`type`.size * (if (v.`type`.dtype == DType.EVENTS) v.history else 1)
      for (v <- assembly.initial.variables.asScala) {
        val x = new Array[Double](v.`type`.size)
        initial.read(v.name, x.indices.toArray, x)
        step.write(v.name, x)
      }
      for ((name, x) <- set) step.write(name, Array.fill(assembly.step.variable(name).`type`.size)(x))
      step.run(0, 120)
      assembly.step.variables.asScala.map { v =>
        val x = new Array[Double](size(v))
        step.read(v.name, x.indices.toArray, x)
        v.name -> x.toSeq
      }.toMap
    } finally { initial.close(); step.close() }
  }

  test("copies side by side each do what one alone does") {
    for (backend <- Generators.backends) {
      val alone = run(plain, form(), backend)
      assert(alone("b.v").distinct.size > 1 && alone("out.v").exists(_ != 0))
      val three = run(plain, form(members = 3), backend)
      for ((name, x) <- alone) assert(three(name) === x.flatMap(Seq.fill(3)(_)), name)
    }
  }

  test("parameters and weights in variables, and surrogates, change no state") {
    for (backend <- Generators.backends) {
      val alone = run(plain, form(), backend)
      val synapses = Seq("p", "q", "r").map(n => n -> count(n, backend)).toMap
      val learned = form(2, Set("a.tau", "b.v_threshold", "q.weight", "b.i.tau"), synapses, surrogate = true)
      val set = Map("a.tau" -> 20.0, "b.v_threshold" -> -50.0, "q.weight" -> -0.5, "b.i.tau" -> 5.0) ++
        synapses.keys.map(n => s"$n.weights" -> 1.0)
      val other = run(plain, learned, backend, set)
      for ((name, x) <- alone) assert(other(name) === x.flatMap(Seq.fill(2)(_)), name)
      assert(run(plain, learned, backend, set.updated("p.weights", 2.0))("b.v") != other("b.v"))
    }
  }

  test("weights by synapse do not silently take the place of those of a connectivity") {
    val rows = Csr.of(9, 5, new Csr.Pairs(Array(0, 3), Array(1, 2), Array(5f, 7f)))
    for (weighted <- Seq(rows, Weighted.normal(new Bernoulli(9, 5, 0.5), 0, 1))) {
      val net = network(Seq(a, b, out), delayed("p", a, b, current, 1.5, new Delays.Constant(0.1), Some(weighted)) +: projections.tail)
      val refused = intercept[IllegalArgumentException](Assembly.of(net, 4, form(synapses = Map("p" -> 2))))
      assert(refused.getMessage === s"p: weights by synapse would replace those of its connectivity; leave them out: $weighted")
    }
  }

  private def count(name: String, backend: Backend): Int = {
    val assembly = Assembly.of(plain, 4)
    val step = backend.load(assembly.step, new Arguments(assembly.arguments, java.util.Set.of()))
    try step.synapses(name).toInt finally step.close()
  }

  test("an observer sees what the step will hold and who spikes") {
    val observer: Assembly.Observer = (step, spikes) => {
      Seq("count", "last").foreach(v => step.declare(Variable.of(v, Type.vector(DType.F64, 9))))
      step.store("count", step.load("count").plus(spikes.get("a")))
      step.store("last", step.next("a.v"))
    }
    val seen = run(plain, form(observer = observer), Generators.backends.head)
    assert(seen("last") === seen("a.v"))
    assert(seen("count").sum > 0 && seen("count").forall(n => n >= 0 && n == n.toInt))
  }

  test("copies have the same Poisson input only as the first, which has that of one alone") {
    val noisy = population("n", 6, new LeakyIntegrator(10), new Input.Poisson("x", 2000, 1, current))
    val net = network(Seq(noisy))
    val backend = Generators.backends.head
    val (one, three) = (run(net, form(), backend), run(net, form(members = 3), backend))
    val byMember = three("n.v").grouped(3).toSeq.transpose
    assert(byMember.head === one("n.v"))
    assert(byMember.distinct.size === 3)
  }

  test("a membrane that never spikes follows its closed form") {
    val net = network(Seq(population("n", 1, new LeakyIntegrator(10), new Input.Constant(2))))
    val state = run(net, form(), Generators.backends.head)
    assert((state("n.v").head - 2 * (1 - math.exp(-12 / 10.0))).abs < 1e-12)
    assert(state("n.spikes") === Seq(0.0))
  }
}
