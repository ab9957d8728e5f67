package spindle.sim

import scala.collection.mutable

import spindle.backend.Backend
import spindle.connect.{Connectivity, OneToOne}
import spindle.ir.{DType, Rows}
import spindle.model._
import spindle.model.neuron.Lif

/** Small networks of which the answer is known, and ways to watch them. */
object Networks {
  val rest = -60.0
  val threshold = -50.0

  /** A LIF neuron that starts at a given potential: 20 ms, -60 mV, -50 mV, -60 mV. */
  def lif(v: Double = rest, tau: Double = 20, refractory: Double = 0, vThreshold: Double = threshold): Lif =
    new Lif(tau, rest, vThreshold, rest, refractory, new Initial.Constant(v))

  def population(name: String, size: Int, neuron: Neuron, inputs: Input*): Population =
    new Population(name, size, neuron, java.util.List.of(inputs: _*))

  def network(populations: Seq[Population], projections: Seq[Projection] = Nil, dt: Double = 0.1,
      precision: DType = DType.F64): Network =
    new Network("test", java.util.List.of(populations: _*), java.util.List.of(projections: _*), dt, precision)

  def projection(name: String, pre: Population, post: Population, receptor: Receptor, weight: Double,
      delay: Double, law: Option[Connectivity] = None): Projection =
    delayed(name, pre, post, receptor, weight, new Delays.Constant(delay), law)

  def delayed(name: String, pre: Population, post: Population, receptor: Receptor, weight: Double,
      delays: Delays, law: Option[Connectivity] = None): Projection =
    new Projection(name, pre.all, post, receptor, law.getOrElse(new OneToOne(pre.size)), Rows.Storage.STORED, weight, delays)

  /** A state variable of one neuron after each of the first n steps. */
  def trace(network: Network, backend: Backend, state: String, n: Int, population: Int = 0, neuron: Int = 0): Vector[Double] = {
    val simulation = new Simulation(network, 1, backend)
    try Vector.fill(n) {
      simulation.run(1)
      val out = new Array[Double](1)
      simulation.read(network.populations.get(population).all, state, Array(neuron), out)
      out(0)
    } finally simulation.close()
  }

  /** (step, neuron) of every spike of a population in n steps. */
  def spikes(network: Network, backend: Backend, n: Int, population: Int = 0, seed: Long = 1): Vector[(Int, Int)] = {
    val simulation = new Simulation(network, seed, backend)
    try {
      simulation.run(n)
      val log = simulation.spikes(network.populations.get(population))
      Vector.tabulate(log.size)(k => (log.step(k), log.index(k)))
    } finally simulation.close()
  }

  /** A recorder-like probe that notes at which steps it looked. */
  final class Watch(val interval: Int, stopAt: Int = Int.MaxValue) extends Probe {
    val looks: mutable.ArrayBuffer[Int] = mutable.ArrayBuffer.empty

    override def look(simulation: Simulation): Verdict = {
      looks += simulation.step
      if (simulation.step >= stopAt) new Verdict(Verdict.Kind.STOPPED, "enough") else Verdict.GO_ON
    }
  }
}
