package spindle.train.encode


import org.scalatest.funsuite.AnyFunSuite
import spindle.ir._
import spindle.train.{Batch, Figures, Sketch}

/** Encoders: the laws of their spikes, the figures of others, the same bits everywhere. */
@spindle.Gpu
class EncoderSuite extends AnyFunSuite {
  private val key = Key.of(3, "input")
  private val parameters = Map("input.key0" -> key.k0.toDouble, "input.key1" -> key.k1.toDouble)

  /** An encoder of intensities, element by element of each member. */
  private def sketch(x: Array[Double], ids: Array[Double], dtype: DType = DType.F32, dtMs: Double = 1)(
      f: (Presentation, Expr) => Expr): Sketch =
    new Sketch(Map("x" -> x, "ids" -> ids), dtype, Set("ids"))({ t =>
      val keys = Deviates.Keys.parameters(t, "input")
      Map("z" -> f(new Presentation(new Batch(t, ids.length), t.load("ids"), keys, t.time, dtMs), t.load("x")))
    })

  private def input(e: Encoder)(at: Presentation, x: Expr): Expr = e.input(at, x)

  private def spikes(s: Sketch, steps: Int): IndexedSeq[Array[Double]] =
    s.run(steps, parameters, Generators.everywhere).map(_("z"))

  test("Poisson spikes come with probability rate x intensity x dt, and never or always at its ends") {
    val (size, members, steps) = (50, 20, 40)
    val x = Array.tabulate(size * members)(k => Seq(0.0, 0.25, 0.5, 1.0)(k / members % 4))
    for (dtype <- Seq(DType.F32, DType.F64)) {
      val trains = spikes(sketch(x, Array.tabulate(members)(_.toDouble), dtype, 0.5)(input(new Poisson(2000))), steps)
      for (level <- Seq(0.0, 0.25, 0.5, 1.0)) {
        val z = for (t <- trains; k <- x.indices if x(k) == level) yield t(k)
        assert(z.forall(v => v == 0 || v == 1))
        assert((z.sum - level * z.size).abs <= 4 * math.sqrt(z.size * level * (1 - level)), s"$dtype at $level")
      }
    }
  }

  test("Poisson spikes of a member do not depend on its place and its neighbours") {
    val size = 30
    def trains(ids: Seq[Int]) = {
      val s = sketch(Array.fill(size * ids.size)(0.5), ids.map(_.toDouble).toArray)(input(new Poisson(500)))
      val all = spikes(s, 5)
      ids.indices.map(b => all.map(z => (0 until size).map(j => z(j * ids.size + b))))
    }
    val together = trains(Seq(4, 9, 2, 70000))
    assert(trains(Seq(9)).head === together(1))
    assert(trains(Seq(70000, 4)) === Seq(together(3), together(0)))
    assert(together.distinct.size === 4)
    assert(together.forall(_.distinct.size == 5), "steps differ")
  }

  test("every encoder has the same bits on every backend") {
    val x = Array.tabulate(60)(k => k / 59.0)
    val ids = Array(5.0, 6, 8)
    for (e <- encoders; dtype <- Seq(DType.F32, DType.F64)) {
      val s = sketch(x, ids, dtype)(input(e))
      assert(s.differences(s.program, Map.empty, parameters) === Seq.empty, e)
    }
  }

  private val encoders =
    Seq(new Poisson(100), new Latency(Latency.Law.LINEAR, 20, 0.2), new Latency(Latency.Law.LOGARITHMIC, 20, 0.2), new Direct(2))

  test("every encoder is listed here") {
    assert(encoders.map(_.getClass).toSet === classOf[Encoder].getPermittedSubclasses.toSet[Class[_]])
  }

  private val x = Figures("intensities")
  private val above = x.indices.filter(x(_) > 0.2)

  test("times of latency codes are those of snnTorch") {
    for ((name, law) <- Seq("linear" -> Latency.Law.LINEAR, "logarithmic" -> Latency.Law.LOGARITHMIC);
        (dtype, tolerance) <- Seq(DType.F64 -> 1e-13, DType.F32 -> 1e-5)) {
      val out = sketch(above.map(x(_)).toArray, Array(0.0), dtype)((_, x) => new Latency(law, 20, 0.2).time(x)).run(1, parameters).head
      assert(Figures.difference(out("z"), above.map(Figures(s"latency.$name")(_)).toArray, tolerance) === None, name)
    }
  }

  test("one spike per element, in the step of its time, and none where x is not above the threshold") {
    for ((name, law) <- Seq("linear" -> Latency.Law.LINEAR, "logarithmic" -> Latency.Law.LOGARITHMIC); dt <- Seq(1.0, 0.5)) {
      val trains = spikes(sketch(x, Array(0.0), DType.F64, dt)(input(new Latency(law, 20, 0.2))), 130)
      for (j <- x.indices) {
        val at = trains.indices.filter(k => trains(k)(j) == 1)
        val time = Figures(s"latency.$name")(j)
        assert(at === (if (x(j) > 0.2) Seq(math.floor(time / dt).toInt) else Seq()), s"$name at ${x(j)}")
      }
    }
  }

  test("kept steps give the spikes that steps computed anew give") {
    val code = new Latency(Latency.Law.LOGARITHMIC, 20, 0.2)
    val steps = sketch(x, Array(0.0))((at, x) => code.steps(at, x)).run(1, parameters).head("z")
    val kept = spikes(sketch(steps, Array(0.0))((at, s) => code.spikes(at, s)), 70)
    val anew = spikes(sketch(x, Array(0.0))(input(code)), 70)
    assert(kept.map(_.toSeq) === anew.map(_.toSeq))
    assert(steps.count(_ == -1) === 3)
  }

  test("a direct current is the same at every step") {
    val trains = spikes(sketch(x, Array(0.0), DType.F64)(input(new Direct(2))), 3)
    trains.foreach(z => assert(z.toSeq === x.map(_ * 2).toSeq))
  }

  test("tuning curves are those of the figures, and the background is left when the stimulus is off") {
    val angles = Figures("angles")
    for ((dtype, tolerance) <- Seq(DType.F64 -> 1e-13, DType.F32 -> 1e-5)) {
      def rates(on: Array[Double]) = new Sketch(Map("angle" -> angles, "on" -> on), dtype)({ t =>
        val b = new Batch(t, angles.length)
        Map("rates" -> new Tuning(8, 2, 40, 1).rates(b, t.load("angle"), t.load("on")))
      }).run().head("rates")
      assert(Figures.difference(rates(angles.map(_ => 1.0)), Figures("tuning"), tolerance) === None)
      assert(rates(Array(0.0, 1, 0, 0)).zipWithIndex.forall { case (r, k) => r == 1 || k % 4 == 1 })
    }
    assert(new Tuning() === new Tuning(100, 2, 40, 1))
  }

  test("what makes no encoder is refused, with value and rule") {
    for ((message, make) <- Seq[(String, () => Any)](
        ("rate must be at least 0 Hz, got -1.0", () => new Poisson(-1)),
        ("rate 2500.0 Hz needs more than one spike per step of 0.5 ms",
          () => sketch(Array(1.0), Array(0.0), dtMs = 0.5)(input(new Poisson(2500)))),
        ("dt must be a time > 0 ms, got 0.0", () => sketch(Array(1.0), Array(0.0), dtMs = 0)(input(new Direct(1)))),
        ("tau must be a time > 0 ms, got 0.0", () => new Latency(Latency.Law.LINEAR, 0, 0)),
        ("threshold must be in [0, 1), got 1.0", () => new Latency(Latency.Law.LINEAR, 1, 1)),
        ("gain must be finite, got NaN", () => new Direct(Double.NaN)),
        ("channels must be at least 1, got 0", () => new Tuning(0, 1, 1, 1)),
        ("kappa and rates must be at least 0, got 1.0, -1.0 Hz, 1.0 Hz", () => new Tuning(1, 1, -1, 1)))) {
      assert(intercept[IllegalArgumentException](make()).getMessage === message)
    }
  }
}
