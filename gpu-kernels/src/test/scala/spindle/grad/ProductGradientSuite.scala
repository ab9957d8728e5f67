package spindle.grad

import scala.jdk.CollectionConverters._
import scala.util.Random

import org.scalatest.funsuite.AnyFunSuite
import spindle.connect._
import spindle.ir._

/** A way to use a connectivity: from where to where, how many elements per neuron, spikes or numbers. */
private final case class Use(direction: Direction, batch: Int, spikes: Boolean)

/** Products with every connectivity: gradients by sources, by weights and by the parameters of weights. */
class ProductGradientSuite extends AnyFunSuite {
  import Derivatives._

  private val uses =
    for (d <- Direction.values.toVector; b <- Vector(1, 3); spikes <- Vector(false, true)) yield Use(d, b, spikes)

  private val shapes = Seq((0, 0), (1, 1), (7, 7), (64, 64), (0, 7), (7, 0), (7, 64), (64, 7))

  /** Two uses of each small connectivity, one of each larger one, in turn. */
  private def cases(pre: Int, post: Int): Seq[(Connectivity, Use)] =
    for {
      (c, k) <- Generators.connectivities(pre, post).filter(_.expectedSynapses <= 1500).zipWithIndex
      i <- if (pre * post <= 49) Seq(k, k + 3) else Seq(k + pre)
    } yield (c, uses(i % uses.size))

  private def arguments(c: Connectivity): Map[String, Double] =
    c.arguments("r", 3).asScala.view.mapValues(_.doubleValue).toMap

  private def vector(t: Trace, name: String, length: Int): Expr = {
    t.declare(Variable.of(name, Type.vector(DType.F64, length)))
    t.load(name)
  }

  private def program(name: String)(y: Trace => Expr): Program = {
    val t = new Trace(name)
    val value = y(t)
    t.declare(Variable.of("y", value.`type`))
    t.store("y", value)
    t.finish()
  }

  private def synapses(c: Connectivity): Int = {
    val p = program("count")(t => t.propagate(vector(t, "x", c.pre), rows(c), Direction.ALONG, DType.F64))
    load(p, arguments(c)).synapses("r").toInt
  }

  private def rows(c: Connectivity): Rows = c.rows("r", Rows.Storage.AUTO)

  private def sources(c: Connectivity, u: Use): Int = u.direction.sources(rows(c)) * u.batch

  /** The program with spikes or numbers as sources, the one with numbers, and where to compare them. */
  private def twins(c: Connectivity, u: Use, parameters: Set[String])(y: (Trace, Expr) => Expr): Twins = {
    val random = new Random(c.pre + 7L * u.batch)
    def write(spikes: Boolean): Program = program("product") { t =>
      val x = vector(t, "x", sources(c, u))
      y(t, if (spikes) t.collect(x) else x)
    }
    val p = write(u.spikes)
    val state = floats(p).map { v =>
      val mask = u.spikes && v.name == "x"
      v.name -> (if (mask) Array.fill(v.`type`.size)(random.nextInt(2).toDouble) else grid(random, v.`type`.size))
    }.toMap
    val by = new Inputs(floats(p).map(_.name).toSet.asJava, parameters.asJava)
    // Everything is linear, so that long differences are exact up to the 24 bits of a weight.
    Twins(p, write(spikes = false), Point(state, arguments(c) + ("g" -> 1.375)), by, 0.125)
  }

  private def check(what: String, t: Twins): Unit = {
    val found = wrong(t, new Random(2), 1e-6)
    assert(found.isEmpty, s"$what\n${found.mkString("\n")}")
  }

  for ((pre, post) <- shapes) {
    test(s"PROPAGATE, $pre x $post: by sources, one weight for all, and what weights are drawn from") {
      for ((c, u) <- cases(pre, post)) {
        val own = arguments(c).keySet.filter(_.startsWith("r.weight_"))
        check(s"$c, $u", twins(c, u, own + "g") { (t, x) =>
          t.propagate(x, rows(c), u.direction, DType.F64).times(t.parameter("g", DType.F64))
        })
      }
    }

    test(s"TRANSMIT, $pre x $post: by sources and by each synapse's weight") {
      for ((c, u) <- cases(pre, post)) check(s"$c, $u", twins(c, u, Set.empty) { (t, x) =>
        t.transmit(x, vector(t, "w", synapses(c)), rows(c), u.direction)
      })
    }

    test(s"PAIR, $pre x $post: by both sides") {
      for {
        (c, use) <- cases(pre, post)
        u = use.copy(direction = Direction.ALONG)
      } check(s"$c, $u", twins(c, u, Set.empty) { (t, x) =>
        val batch = if (c.pre == 0) 1 else u.batch
        t.pair(x, vector(t, "b", c.post * batch), rows(c), synapses(c))
      })
    }
  }

  private val weighted = new Weighted(new Bernoulli(7, 5, 0.5), Weighted.Law.NORMAL, 1, 0.5)

  private def adjoint(spikes: Boolean): Program =
    Adjoint.of(program("product") { t =>
      val x = vector(t, "x", 7)
      t.propagate(if (spikes) t.collect(x) else x, weighted.rows("r", Rows.Storage.STORED), Direction.ALONG, DType.F64)
    }).program

  test("which pairs are connected has no gradient, and costs nothing") {
    val p = adjoint(spikes = false)
    assert(p.parameters.containsKey("r.per_log2"))
    assert(p.rows.asScala.map(_.name) === Seq("r", "r|d r.weight_offset", "r|d r.weight_scale"))
    assert(!p.updates.asScala.map(_.variable).contains(Adjoint.gradient("r.per_log2")))
  }

  test("the gradient by the parameters of weights walks the rows of those that spiked only") {
    val p = adjoint(spikes = true)
    val byWeight = p.equations.asScala.filter(e => e.op == Op.PROPAGATE && e.name.contains("|d "))
    assert(byWeight.map(e => p.at(e.args.get(0)).op) === Seq(Op.COLLECT, Op.COLLECT))
  }

  test("rows by the mean of their weights have no weights, and keep name, storage and parameters") {
    val rows = weighted.rows("r", Rows.Storage.STORED)
    val mean = RowDerivative.of(rows, "r.weight_offset")
    assert(!mean.weighted && mean.storage == Rows.Storage.STORED && mean.name == "r|d r.weight_offset")
    assert(rows.body.parameters.keySet.containsAll(mean.body.parameters.keySet))
    assert(RowDerivative.of(rows, "r.weight_scale").weighted)
  }
}
