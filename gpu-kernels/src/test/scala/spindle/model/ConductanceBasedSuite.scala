package spindle.model

import org.scalatest.funsuite.AnyFunSuite
import spindle.ir.{DType, Generators}
import spindle.model.channel.{Leak, PotassiumTraubMiles, SodiumTraubMiles}
import spindle.model.neuron.ConductanceBased
import spindle.sim.Networks

/** The neuron of Brette et al. 2007, appendix 1, against its equations in plain doubles. */
@spindle.Gpu
class ConductanceBasedSuite extends AnyFunSuite {
  private val backend = Generators.everywhere

  private def neuron(v: Double, capacitance: Double = 200, vThreshold: Double = -20): ConductanceBased =
    new ConductanceBased(capacitance,
      java.util.List.of(new Leak(10, -60), new SodiumTraubMiles(20000, 50, -63), new PotassiumTraubMiles(6000, -90, -63)),
      vThreshold, new Initial.Constant(v))

  private def network(cell: ConductanceBased, current: Double, dt: Double = 0.1, precision: DType = DType.F64): Network =
    Networks.network(Seq(Networks.population("n", 1, cell, new Input.Constant(current))), dt = dt, precision = precision)

  /** Rates (alpha, beta) of m, h and n. */
  private def rates(v: Double): Seq[(Double, Double)] = {
    val u = v + 63
    def linear(rate: Double, x: Double, width: Double) = if (x == 0) rate * width else rate * x / math.expm1(x / width)
    Seq(
      (linear(0.32, 13 - u, 4), linear(0.28, u - 40, 5)),
      (0.128 * math.exp((17 - u) / 18), 4 / (1 + math.exp((40 - u) / 5))),
      (linear(0.032, 15 - u, 5), 0.5 * math.exp((10 - u) / 40)))
  }

  private def slope(s: Seq[Double], current: Double): Seq[Double] = {
    val Seq(v, m, h, n) = s
    val i = current + 10 * (-60 - v) + 20000 * m * m * m * h * (50 - v) + 6000 * math.pow(n, 4) * (-90 - v)
    (i / 200) +: rates(v).zip(Seq(m, h, n)).map { case ((a, b), x) => a * (1 - x) - b * x }
  }

  /** The classical Runge-Kutta method at a small step: v after each 0.1 ms. */
  private def exact(current: Double, ms: Int): Seq[Double] = {
    val dt = 0.1 / 64
    def plus(a: Seq[Double], b: Seq[Double], h: Double) = a.zip(b).map { case (x, y) => x + h * y }
    val states = Iterator.iterate(Seq(-60.0, 0.0, 0.0, 0.0)) { s =>
      val k1 = slope(s, current)
      val k2 = slope(plus(s, k1, dt / 2), current)
      val k3 = slope(plus(s, k2, dt / 2), current)
      val k4 = slope(plus(s, k3, dt), current)
      s.indices.map(j => s(j) + dt / 6 * (k1(j) + 2 * k2(j) + 2 * k3(j) + k4(j)))
    }
    states.take(640 * ms + 1).zipWithIndex.collect { case (s, k) if k > 0 && k % 64 == 0 => s.head }.toSeq
  }

  test("the potential converges to the solution of the equations, in proportion to the step") {
    val truth = exact(-100, 20)
    assert(truth.max < -20, "below threshold, where trajectories do not part")
    val errors = Seq(1, 2, 4).map { k =>
      val v = Networks.trace(network(neuron(-60), -100, 0.1 / k), backend, "v", 200 * k)
      v.grouped(k).map(_.last).zip(truth.iterator).map { case (a, b) => (a - b).abs }.max
    }
    assert(errors.head < 1)
    assert(errors.sliding(2).forall(e => e(0) / e(1) > 1.7 && e(0) / e(1) < 2.4), errors)
  }

  test("at a held potential gates relax to alpha / (alpha + beta) as the closed form says, singular points included") {
    // The rates of m are 0 / 0 in their textbook form at -50 and -23 mV, those of n at -48 mV.
    for (v <- Seq(-90.0, -63.0, -50.0, -48.0, -23.0, 20.0); backend <- Generators.backends) {
      val held = network(neuron(v, capacitance = 1e18), 0, precision = DType.F64)
      for ((gate, (a, b)) <- Seq("m", "h", "n").zip(rates(v))) {
        val x = Networks.trace(held, backend, gate, 20)
        x.zipWithIndex.foreach { case (is, k) =>
          val right = a / (a + b) * -math.expm1(-(a + b) * 0.1 * (k + 1))
          assert((is - right).abs < 1e-9, s"$gate at $v mV on ${backend.name}")
        }
      }
    }
  }

  test("spikes are crossings from below, one for each however long the potential stays above") {
    for (dt <- Seq(0.1, 0.05); precision <- Seq(DType.F32, DType.F64)) {
      val steps = (200 / dt).toInt
      val driven = network(neuron(-60), 1000, dt, precision)
      val v = Networks.trace(driven, backend, "v", steps)
      val crossings = v.sliding(2).zipWithIndex.collect { case (Seq(a, b), k) if a < -20 && b >= -20 => k + 1 }.toSeq
      assert(Networks.spikes(driven, backend, steps).map(_._1) === crossings)
      assert(crossings.size > 5 && crossings.size < 60, s"dt $dt")
      assert(v.count(_ >= -20) > 2 * crossings.size)
    }
  }

  test("compiled neurons are the reference's, bit for bit") {
    for (precision <- Seq(DType.F32, DType.F64)) {
      val expected = Networks.trace(network(neuron(-60), 800, precision = precision), Generators.backends.head, "v", 300)
      assert(expected.exists(_ > -20))
      for (backend <- Generators.others)
        assert(Networks.trace(network(neuron(-60), 800, precision = precision), backend, "v", 300) === expected, backend.device)
    }
  }

  test("a cell without capacitance is refused") {
    assert(intercept[IllegalArgumentException](neuron(-60, 0)).getMessage === "capacitance must be > 0 pF, got 0.0")
  }
}
