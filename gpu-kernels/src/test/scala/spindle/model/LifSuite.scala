package spindle.model

import org.scalatest.funsuite.AnyFunSuite
import spindle.ir.{DType, Generators}
import spindle.model.neuron.Lif
import spindle.sim.Networks

@spindle.Gpu
class LifSuite extends AnyFunSuite {
  private val backend = Generators.everywhere

  private def driven(drive: Double, refractory: Double, precision: DType, v: Double = -60, dt: Double = 0.1): Network =
    Networks.network(Seq(Networks.population("n", 1, Networks.lif(v, refractory = refractory), new Input.Constant(drive))),
      dt = dt, precision = precision)

  // Exponential Euler is exact for constant input, so only rounding is left: half an ulp of 60 mV
  // per step, decaying with the membrane, hence at most tau / dt of them; 1e-5 relative in f32.
  test("the subthreshold potential is the closed form at every step") {
    for ((precision, bound) <- Seq(DType.F32 -> 6e-4, DType.F64 -> 1e-10); backend <- Generators.backends;
        (v0, drive) <- Seq((-60.0, 9.0), (-55.0, 0.0), (-52.0, -5.0))) {
      val v = Networks.trace(driven(drive, 0, precision, v0), backend, "v", 400)
      v.zipWithIndex.foreach { case (is, k) =>
        val right = -60 + drive + (v0 - (-60 + drive)) * math.exp(-(k + 1) * 0.1 / 20)
        assert((is - right).abs < bound, s"$precision on ${backend.name} after step $k")
      }
    }
  }

  /** Free steps until the closed form first reaches the threshold, from reset. */
  private def stepsToThreshold(drive: Double, dt: Double): Int =
    math.ceil(20 / dt * math.log(drive / (drive - 10)) - 1e-9).toInt

  test("the f-I curve is the closed form: every interval is rise time plus refractory steps") {
    for (drive <- Seq(10.5, 12.0, 15.0, 20.0, 40.0, 200.0); refractory <- Seq(0.0, 0.1, 5.0); dt <- Seq(0.1, 0.5)
        if refractory == 0 || refractory >= dt) {
      val steps = Networks.spikes(driven(drive, refractory, DType.F64, dt = dt), backend, 3000).map(_._1)
      val interval = stepsToThreshold(drive, dt) + math.round(refractory / dt).toInt
      assert(steps.head === stepsToThreshold(drive, dt) - 1)
      assert(steps.sliding(2).forall(s => s(1) - s(0) == interval), s"drive $drive, refractory $refractory, dt $dt")
    }
  }

  test("no spike without enough drive") {
    assert(Networks.spikes(driven(9.99, 0, DType.F64), backend, 5000) === Nil)
  }

  test("after a spike the potential is held at reset for exactly the refractory steps") {
    for (precision <- Seq(DType.F32, DType.F64); backend <- Generators.backends) {
      val hold = 7
      val network = driven(30, hold * 0.1, precision)
      val first = Networks.spikes(network, backend, 200).head._1
      val v = Networks.trace(network, backend, "v", 200)
      assert(v.slice(first, first + hold + 1).forall(_ == -60.0))
      assert(v(first + hold + 1) > -60.0)
      val left = Networks.trace(network, backend, "refractory", 200)
      assert(left.slice(first, first + hold + 2) === ((hold to 0 by -1) :+ 0).map(_.toDouble))
    }
  }

  test("a neuron that starts above the threshold spikes in the first step") {
    assert(Networks.spikes(driven(0, 0, DType.F64, v = -40), backend, 5) === Seq((0, 0)))
  }

  private def refused(message: String)(make: => Any): Unit =
    assert(intercept[IllegalArgumentException](make).getMessage === message)

  test("parameters that make no neuron are refused with value and rule") {
    val start = new Initial.Constant(0)
    refused("membrane time constant must be > 0 ms, got 0.0")(new Lif(0, -60, -50, -60, 0, start))
    refused("membrane time constant must be > 0 ms, got NaN")(new Lif(Double.NaN, -60, -50, -60, 0, start))
    refused("v_reset must be below v_threshold, got -50.0 mV and -50.0 mV")(new Lif(20, -60, -50, -50, 0, start))
    refused("refractory time must be >= 0 ms, got -1.0")(new Lif(20, -60, -50, -60, -1, start))
    refused("standard deviation must be >= 0, got -1.0")(new Initial.Normal(0, -1))
  }

  test("a refractory time that is no multiple of dt is refused, with its name and the nearest that is") {
    refused("n.t_refractory = 0.25 ms is no multiple of dt = 0.1 ms; nearest is 0.2 ms")(
      Networks.trace(driven(0, 0.25, DType.F32), backend, "v", 1))
  }
}
