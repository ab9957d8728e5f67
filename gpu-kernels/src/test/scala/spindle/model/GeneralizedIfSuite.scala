package spindle.model

import org.scalatest.funsuite.AnyFunSuite
import spindle.ir.{DType, Generators}
import spindle.model.neuron.GeneralizedIf
import spindle.sim.Networks

@spindle.Gpu
class GeneralizedIfSuite extends AnyFunSuite {
  private def neuron(threshold: Double = 1): GeneralizedIf =
    new GeneralizedIf(20, threshold, new GeneralizedIf.Fast(10, 0.5), new GeneralizedIf.Slow(300, 300, -0.25))

  private def network(cell: GeneralizedIf, current: Double): Network =
    Networks.network(Seq(Networks.population("n", 1, cell, new Input.Constant(current))), dt = 0.5, precision = DType.F64)

  /** v, i_fast and i_slow after each step, from the equations in plain doubles. */
  private def expected(current: Double, steps: Int): Seq[(Double, Double, Double, Boolean)] =
    Iterator.iterate((0.0, 0.0, 0.0, false)) { case (v, fast, slow, _) =>
      val (f, s) = (fast * math.exp(-0.05), slow * math.exp(-0.5 / 300))
      val moved = v + (1 - math.exp(-0.025)) * (current + f + s - v)
      if (moved >= 1) (moved - 1, 0.5, s - 0.25, true) else (moved, f, s, false)
    }.slice(1, steps + 1).toSeq

  test("potential and currents follow their equations through spikes, on every backend") {
    val right = expected(2.5, 400)
    assert(right.count(_._4) > 5, "spikes adapt the neuron, not silence it")
    for (backend <- Generators.backends) {
      val traces = Seq("v", "i_fast", "i_slow").map(Networks.trace(network(neuron(), 2.5), backend, _, 400))
      for (k <- right.indices; (is, should) <- traces.map(_(k)).zip(Seq(right(k)._1, right(k)._2, right(k)._3))) {
        assert((is - should).abs < 1e-9, s"step $k on ${backend.name}")
      }
    }
  }

  test("spikes grow rarer while the slow current builds up") {
    val spikes = expected(2.5, 2000).map(_._4)
    assert(spikes.take(400).count(identity) > spikes.takeRight(400).count(identity) + 1)
  }

  test("below threshold it is a leaky integrator, with the closed form of one") {
    val v = Networks.trace(network(neuron(threshold = 10), 2), Generators.backends.head, "v", 100)
    v.zipWithIndex.foreach { case (x, k) => assert((x + 2 * math.expm1(-0.025 * (k + 1))).abs < 1e-12) }
  }

  test("what cannot be a neuron is refused with value and rule") {
    def refused(f: => Any) = intercept[IllegalArgumentException](f).getMessage
    assert(refused(neuron(threshold = 0)) === "v_threshold must be > 0, got 0.0")
    assert(refused(new GeneralizedIf.Slow(300, 100, 1)) === "tau_slow must be in order, got 300.0 ms and 100.0 ms")
    assert(refused(new GeneralizedIf.Fast(-1, 1)) === "tau_fast must be > 0, got -1.0")
  }
}
