package spindle.grad

import scala.jdk.CollectionConverters._
import scala.util.Random

import org.scalatest.funsuite.AnyFunSuite
import spindle.backend.reference.ReferenceBackend
import spindle.connect.AllToAll
import spindle.grad.surrogate.Arctan
import spindle.ir._
import spindle.model._
import spindle.model.neuron.{ConductanceBased, GeneralizedIf, LeakyIntegrator, Lif}
import spindle.model.synapse.{Coba, Cuba, Delta, Exponential}
import spindle.task.{Catalogue, CobaHh, CobaLif, Parameter, Settings, Value}

/**
 * A network to differentiate.
 *
 * @param quiet range of potentials from which no neuron fires
 * @param loud range of potentials from which some do
 * @param stopped states whose gradient the model stops
 */
private final case class Sample(network: Network, quiet: (Double, Double), loud: (Double, Double), stopped: Set[String] = Set.empty)

/** Every model: its adjoint is what finite differences say, and the transpose of its forward mode. */
class ModelGradientSuite extends AnyFunSuite {
  import Derivatives._

  private def settings(parameters: java.util.List[Parameter]): Settings = {
    val changes = Map("net.neurons" -> "40", "net.degree" -> "5", "sim.precision" -> "float64")
    Settings.defaults(parameters).`with`(changes.map { case (k, v) => k -> Value.parse(parameters.asScala.find(_.name == k).get, v) }.asJava)
  }

  private val n = 6

  private def recurrent(neuron: Neuron, synapse: Synapse, output: Output): Network = {
    val cells = new Population("cells", n, neuron, java.util.List.of(new Input.Constant(0.25)))
    val law = new AllToAll(n, n)
    val own = new Projection("own", cells.all, cells, new Receptor("g", synapse, output), law, Rows.Storage.AUTO, 0.125, 0.1)
    val name = Seq(neuron, synapse, output).map(_.getClass.getSimpleName).mkString(", ")
    new Network(name, java.util.List.of(cells), java.util.List.of(own), 0.1, DType.F64)
  }

  /** Models whose currents are in mV. */
  private val small: Seq[Sample] =
    for {
      synapse <- Seq(new Exponential(5), new Delta)
      output <- Seq(new Cuba, new Coba(3, "g_leak"))
      sample <- Seq(
        Sample(recurrent(new Lif(20, -1, 4, -1, 0.5, new Initial.Constant(0)), synapse, output), (-4, 1), (3.8, 4.2)),
        Sample(recurrent(new LeakyIntegrator(5), synapse, output), (-1, 1), (-1, 1)),
        Sample(
          recurrent(new GeneralizedIf(20, 2, new GeneralizedIf.Fast(10, 1), new GeneralizedIf.Slow(100, 3000, -0.5)), synapse, output),
          (-1, 1), (1.9, 2.1), Set("i_fast")))
    } yield sample

  private val samples: Seq[Sample] = small ++ Seq(
    Sample(CobaLif.network(settings(new CobaLif().describe.parameters)), (-80, -55), (-51, -49)),
    Sample(CobaHh.network(settings(new CobaHh().describe.parameters)), (-80, -55), (-25, -15)))

  private def between(range: (Double, Double), random: Random): Double = range._1 + (range._2 - range._1) * random.nextDouble()

  /** Gates hardly open, conductances small, some time left to be held; every other neuron has just fired. */
  private def state(step: Program, v: (Double, Double), random: Random): Map[String, Array[Double]] =
    step.variables.asScala.map { x =>
      def value = x.name.drop("cells.".length) match {
        case "v" => between(v, random)
        case "refractory" => 0.25
        case "tau_slow" => between((100, 3000), random)
        case "n" => between((0.2, 0.35), random)
        case _ => between((0.05, 0.2), random)
      }
      val events = x.`type`.dtype == DType.EVENTS
      x.name -> Array.tabulate(x.`type`.size * x.history)(i => if (events) i % 2.0 else value)
    }.toMap

  for (s <- samples) test(s"adjoint = finite difference by every state and parameter: ${s.network.name}") {
    val assembly = Assembly.of(s.network, 1)
    val step: Program = assembly.step
    val random = new Random(3)
    val at = Point(state(step, s.quiet, random), assembly.arguments.asScala.view.mapValues(_.doubleValue).toMap)
    // The graph of a seed has no derivative.
    val smooth = step.parameters.asScala.keySet.filter(p => p.startsWith("cells.") || p == "dt" || p.endsWith(".weight"))
    assert(smooth.exists(_.endsWith(".weight")))
    val by = new Inputs(floats(step).map(_.name).toSet.asJava, smooth.toSet.asJava)
    assert(wrong(Twins(step, step, at, by, h = 1.0 / (1 << 14), stopped = s.stopped.map("cells." + _)), random, 1e-6) === Seq.empty)
  }

  for (s <- samples) test(s"<c, J d> = <J' c, d> while neurons fire: ${s.network.name}") {
    val form = new Assembly.Form(1, x => new Arctan().spike(x), java.util.Set.of(), java.util.Map.of(), (_, _) => ())
    val assembly = Assembly.of(s.network, 1, form)
    val arguments = assembly.arguments.asScala.view.mapValues(_.doubleValue).toMap
    for (seed <- 1L to 3) {
      val c = Case(assembly.step, arguments, state(assembly.step, s.loud, new Random(seed)))
      assert(untransposed(c, seed, 1e-11) === None)
      val run = c.load(new ReferenceBackend)
      run.run(0, 4)
      assert(run.log("cells.spikes").size > 0 || s.network.name.startsWith("LeakyIntegrator"))
    }
  }

  test("no model is left out") {
    val networks = samples.map(_.network)
    val neurons = networks.flatMap(_.populations.asScala.map(_.neuron))
    val receptors = networks.flatMap(_.projections.asScala.map(_.receptor))
    val channels = neurons.collect { case c: ConductanceBased => c.channels.asScala }.flatten
    val used = (neurons ++ channels ++ receptors.flatMap(r => Seq(r.synapse, r.output))).map(_.getClass.getSimpleName).toSet
    val kinds = Set("neuron", "channel", "synapse", "output")
    assert(used === Catalogue.parts.asScala.filter(p => kinds(p.kind)).map(_.`type`.getSimpleName).toSet)
  }
}
