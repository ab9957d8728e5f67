package spindle.grad

import scala.jdk.CollectionConverters._
import scala.util.Random

import org.scalatest.funsuite.AnyFunSuite
import spindle.backend.Backend
import spindle.connect._
import spindle.grad.surrogate.Arctan
import spindle.ir._

/** Loss, number of spikes, and the gradients by parameters, by the initial v and by the input. */
private final case class Outcome(loss: Double, events: Int, gradients: Map[String, Array[Double]])

/** Adjoint steps run backwards over stored states: back propagation through time. */
class BackpropagationSuite extends AnyFunSuite {
  import Derivatives._

  private val n = 7
  private val steps = 25
  private val vector = Type.vector(DType.F64, n)
  private val law = new Weighted(new Bernoulli(n, n, 0.4), Weighted.Law.NORMAL, 0.5, 0.25)
  private val delayed = new Delayed(law, new Delayed.Uniform(1, 3))
  private val parameters: Map[String, Double] =
    delayed.arguments("r", 8).asScala.view.mapValues(_.doubleValue).toMap ++
      Map("a" -> 0.875, "g" -> 0.75, "input" -> 0.25, "reset" -> 0.5)
  private val learned = Seq("a", "g", "input", "reset", "r.weight_offset", "r.weight_scale")

  /** How spikes z of one step come back after 1 and 3 steps. */
  private trait Wire {
    def arriving(t: Trace): Expr
    def emitted(t: Trace, z: Expr): Unit
  }

  /** Leaky neurons that drive each other and accumulate a loss; z is what they emit v above threshold. */
  private def neurons(wire: Wire)(z: Expr => Expr): Program = {
    val t = new Trace("neurons")
    Seq("v", "in").foreach(v => t.declare(Variable.of(v, vector)))
    t.declare(Variable.of("loss", Type.scalar(DType.F64)))
    def q(p: String) = t.parameter(p, DType.F64)
    val drive = t.load("in").times(q("input")).plus(wire.arriving(t).times(q("g")))
    val v = t.load("v").times(q("a")).plus(drive)
    val spikes = z(v.minus(1))
    wire.emitted(t, spikes)
    t.store("v", v.minus(spikes.times(q("reset"))))
    t.store("loss", t.load("loss").plus(t.sum(v.times(v).times(spikes.from(1.5)))))
    t.finish()
  }

  private def through(t: Trace, x: Expr): Expr =
    t.propagate(x, law.rows("r", Rows.Storage.AUTO), Direction.ALONG, DType.F64)

  /** Spikes as events with a history. */
  private object Events extends Wire {
    private val s = new Variable("s", vector.as(DType.EVENTS), 3)
    def arriving(t: Trace): Expr = {
      t.declare(s)
      through(t, t.load("s", 1)).plus(through(t, t.load("s", 3)).times(-0.5))
    }
    def emitted(t: Trace, z: Expr): Unit = t.store("s", t.collect(z))
  }

  /** Spikes as events that come back after as many steps as each synapse has. */
  private object DelayedEvents extends Wire {
    def arriving(t: Trace): Expr = {
      t.declare(new Variable("s", vector.as(DType.EVENTS), 3))
      t.propagate(t.recent("s", 3, 0, n), delayed.rows("r", Rows.Storage.AUTO), Direction.ALONG, DType.F64)
    }
    def emitted(t: Trace, z: Expr): Unit = Events.emitted(t, z)
  }

  /** Numbers that move from variable to variable. */
  private abstract class Moving extends Wire {
    def product(t: Trace): Expr
    def arriving(t: Trace): Expr = {
      (1 to 3).foreach(d => t.declare(Variable.of(s"z$d", vector)))
      product(t)
    }
    def emitted(t: Trace, z: Expr): Unit = {
      t.store("z1", z)
      t.store("z2", t.load("z1"))
      t.store("z3", t.load("z2"))
    }
  }

  /** The same as events, as numbers. */
  private object Numbers extends Moving {
    def product(t: Trace): Expr = through(t, t.load("z1")).plus(through(t, t.load("z3")).times(-0.5))
  }

  /** The same as delayed events: the last three steps in one vector, oldest first. */
  private object DelayedNumbers extends Moving {
    def product(t: Trace): Expr = {
      val recent = (1 to 3).map(d => t.pad(t.load(s"z$d"), (3 - d) * n, 3 * n)).reduce(_ plus _)
      t.propagate(recent, delayed.rows("r", Rows.Storage.AUTO), Direction.ALONG, DType.F64)
    }
  }

  private val input: Array[Double] = Array.tabulate(n)(i => 0.5 + i % 3)
  private val start: Array[Double] = grid(new Random(4), n)

  /** Runs forward, storing what the adjoint reads, then the adjoint backwards. */
  private def train(p: Program, parameters: Map[String, Double] = parameters, backend: Backend = Generators.everywhere): Outcome = {
    val adjoint = Adjoint.of(p, new Inputs(Inputs.all(p).variables, learned.toSet.asJava))
    val forward = Case(p, parameters, Map("v" -> start, "in" -> input)).load(backend)
    val states = (0 until steps).map { k =>
      val before = floats(p).map(v => v.name -> read(forward, v)).toMap
      forward.run(k, 1)
      before
    }
    val log = Option.when(p.variables.asScala.exists(_.name == "s"))(forward.log("s"))
    def mask(step: Int): Array[Double] = {
      val mask = new Array[Double](n)
      log.foreach(l => (0 until l.size).filter(l.step(_) == step).foreach(k => mask(l.index(k)) = 1))
      mask
    }
    val back = load(adjoint.program, parameters, backend)
    back.write(Adjoint.bar("loss"), Array(1.0))
    for (k <- states.indices.reverse) {
      val state = states(k) + ("s" -> (3 to 1 by -1).toArray.flatMap(d => mask(k - d)))
      adjoint.state.asScala.foreach(v => back.write(v.name, state(v.name)))
      back.run(k, 1)
    }
    val wanted = adjoint.gradients.asScala.map(_.name) ++ Seq("v", "in").map(Adjoint.bar(_))
    val gradients = wanted.map(v => v -> read(back, adjoint.program.variable(v))).toMap
    Outcome(read(forward, p.variable("loss"))(0), log.fold(0)(_.size), gradients)
  }

  private def spiking(wire: Wire): Program = neurons(wire)(new Arctan(2).spike)

  private def smooth(wire: Wire): Program = neurons(wire)(_.apply(Op.TANH).plus(1).times(0.5))

  for ((wire, delays) <- Seq(Numbers -> "two delays", DelayedNumbers -> "a delay per synapse"))
  test(s"smooth neurons, $delays: the gradient of a loss over time is what finite differences say") {
    val smooth = this.smooth(wire)
    val gradients = train(smooth).gradients
    def loss(moved: Map[String, Double]) = train(smooth, moved, Generators.backends.head).loss
    for ((q, h) <- learned.map(q => q -> (if (q.startsWith("r.")) 1.0 / 128 else Derivatives.h))) {
      // Weights are f32: a longer step, and its error h^2, instead of their rounding over h.
      val tolerance = if (q.startsWith("r.")) 2e-3 else 1e-6
      val Seq(down, up) = Seq(-h, h).map(d => loss(parameters.updated(q, parameters(q) + d)))
      val expected = (up - down) / (2 * h)
      assert(expected != 0 && (gradients(Adjoint.gradient(q))(0) - expected).abs < tolerance * expected.abs, q)
    }
  }

  for ((wire, moving, delays) <- Seq((Events, Numbers, "two delays"), (DelayedEvents, DelayedNumbers, "a delay per synapse")))
  test(s"spikes as events with a history have the gradients of spikes as numbers, $delays") {
    val events = train(spiking(wire))
    val numbers = train(spiking(moving))
    assert(events.events > 20 && events.events < n * steps)
    assert((events.loss - numbers.loss).abs < 1e-12 * numbers.loss.abs)
    assert(events.gradients.keySet === numbers.gradients.keySet)
    for ((name, g) <- events.gradients; i <- g.indices) {
      assert((g(i) - numbers.gradients(name)(i)).abs < 1e-11 * (1 + g(i).abs), name)
      assert(g(i) != 0, name)
    }
  }

  test("the adjoint by parameters reads and carries only what gradients need") {
    val a = Adjoint.of(spiking(Events), new Inputs(java.util.Set.of(), learned.toSet.asJava))
    assert(a.state.asScala.map(_.name).toSet === Set("v", "in", "s"))
    assert(a.cotangents.asScala.map(_.name) === Seq("bar.v", "bar.loss", "bar.s.1", "bar.s.2", "bar.s.3"))
    assert(a.gradients.asScala.map(_.name) === learned.sorted.map(Adjoint.gradient(_)))
    val kept = a.program.variables.asScala.map(_.name).toSet -- a.program.updates.asScala.map(_.variable)
    assert(kept === a.state.asScala.map(_.name).toSet)
  }

  test("cotangents of events lie in a ring, one vector per step of their history") {
    val a = Adjoint.of(spiking(Events))
    val ring = a.cotangents.asScala.filter(_.name.startsWith("bar.s."))
    assert(ring.map(v => v.name -> v.`type`.toString) === (1 to 3).map(d => s"bar.s.$d" -> "f64[7]"))
    val moved = a.program.updates.asScala.filter(_.variable == "bar.s.2").map(u => a.program.at(u.value).toString)
    assert(moved === Seq("load f64[7] bar.s.3 1.0"))
  }

  test("the tangent of an adjoint is a product with the Hessian, which is symmetric") {
    val smooth = this.smooth(Numbers)
    val adjoint = Adjoint.of(smooth).program
    val second = Forward.of(adjoint, new Inputs(java.util.Set.of("v", "z1"), java.util.Set.of())).program
    val random = new Random(9)
    val state = floats(smooth).map(v => v.name -> grid(random, v.`type`.size)).toMap + (Adjoint.bar("loss") -> Array(1.0))
    def draw = Map("v" -> directions(random, n), "z1" -> grid(random, n))
    def times(d: Values): Values = {
      val out = step(load(second, parameters, Generators.everywhere), second, state ++ d.map { case (v, x) => Forward.dot(v) -> x })
      d.keys.map(v => v -> out(Forward.dot(Adjoint.bar(v)))).toMap
    }
    val (d, e) = (draw, draw)
    def product(a: Values, b: Values) = a.keys.toSeq.map(v => dot(a(v), b(v))).sum
    val (one, other) = (product(e, times(d)), product(d, times(e)))
    assert(one != 0 && (one - other).abs < 1e-12 * one.abs)
  }
}
