package spindle.grad

import scala.jdk.CollectionConverters._
import scala.util.Random

import org.scalatest.funsuite.AnyFunSuite
import spindle.ir.Program
import spindle.model.{Assembly, Network}
import spindle.task.{CobaHh, CobaLif, Parameter, Settings, Value}

/** The step of every network that a task builds: its adjoint is what finite differences say. */
class ModelGradientSuite extends AnyFunSuite {
  import Derivatives._

  private def settings(parameters: java.util.List[Parameter]): Settings = {
    val changes = Map("net.neurons" -> "40", "net.degree" -> "5", "sim.precision" -> "float64")
    Settings.defaults(parameters).`with`(changes.map { case (k, v) => k -> Value.parse(parameters.asScala.find(_.name == k).get, v) }.asJava)
  }

  private val networks: Seq[Network] = Seq(
    CobaLif.network(settings(new CobaLif().describe.parameters)), CobaHh.network(settings(new CobaHh().describe.parameters)))

  /** No neuron fires: potentials far below every threshold, gates hardly open, conductances small. */
  private def value(state: String, random: Random): Double = state.drop("cells.".length) match {
    case "v" => -80 + 25 * random.nextDouble()
    case "refractory" => 0.25
    case "g_exc" | "g_inh" => 5 * random.nextDouble()
    case "n" => 0.2 + 0.15 * random.nextDouble()
    case _ => 0.05 + 0.15 * random.nextDouble()
  }

  for (network <- networks) test(s"adjoint = finite difference by every state and parameter: ${network.name}") {
    val assembly = Assembly.of(network, 1)
    val step: Program = assembly.step
    val random = new Random(3)
    val state = floats(step).map(v => v.name -> Array.fill(v.`type`.size)(value(v.name, random))).toMap
    val arguments = assembly.arguments.asScala.view.mapValues(_.doubleValue).toMap
    // The graph of a seed has no derivative.
    val smooth = step.parameters.asScala.keySet.filter(p => p.startsWith("cells.") || p == "dt" || p.endsWith(".weight"))
    val by = new Inputs(state.keySet.asJava, smooth.toSet.asJava)
    assert(smooth.size >= 10)
    val twins = Twins(step, step, Point(state, arguments), by, h = 1.0 / (1 << 14))
    assert(wrong(twins, random, 1e-6) === Seq.empty)
  }
}
