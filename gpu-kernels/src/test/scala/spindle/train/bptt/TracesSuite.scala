package spindle.train.bptt

import scala.jdk.CollectionConverters._
import scala.util.Random

import org.scalatest.funsuite.AnyFunSuite
import spindle.backend.Backend
import spindle.backend.reference.ReferenceBackend
import spindle.connect._
import spindle.grad.Inputs
import spindle.grad.surrogate.Arctan
import spindle.ir._
import spindle.train.bptt.Bptt.Beyond

/** A layer with synaptic current, potential and spikes, whose loss is a square of its state. */
private class Online(dtype: DType, recurrent: Boolean, batch: Int = 1) {
  val (inputs, neurons) = (5, 6)
  private val random = new Random(3)
  private def fan = new FixedOutDegree(inputs, neurons, 4)
  private def all = new AllToAll(neurons, neurons)
  val scalars: Map[String, java.lang.Double] = (fan.arguments("in", 5).asScala ++ all.arguments("rec", 5).asScala).toMap + ("leak" -> Double.box(0.875))
  val values: Map[String, Array[Double]] = Map(
    "w" -> Array.fill(synapses)(random.nextInt(64) / 64.0),
    "rec" -> Array.fill(neurons * neurons)((random.nextInt(64) - 32) / 64.0),
    "threshold" -> Array.tabulate(neurons)(i => 0.5 + i / 16.0),
    "target" -> Array.tabulate(neurons * batch)(i => i % 3 / 2.0),
  )

  private def synapses = inputs * 4

  private def vector(t: Trace, name: String, n: Int): Expr =
    t.load(t.declare(Variable.of(name, Type.vector(dtype, n))).name)

  val step: Program = {
    val t = new Trace("online")
    val n = neurons * batch
    val phase = t.index(inputs * batch).as(dtype).plus(t.time().as(dtype).times(2.5))
    val x = t.collect(phase.times(1.25).apply(Op.SIN).minus(0.25).heaviside())
    val s = t.declare(new Variable("s", Type.vector(DType.EVENTS, n), 2))
    val drive = t.transmit(x, vector(t, "w", synapses).times(0.75), fan.rows("in", Rows.Storage.AUTO), Direction.ALONG)
    def back = t.transmit(
      t.load(s.name, 2), vector(t, "rec", neurons * neurons), all.rows("rec", Rows.Storage.AUTO), Direction.ALONG)
    val i = vector(t, "i", n).times(t.parameter("leak", dtype)).plus(if (recurrent) drive.plus(back) else drive)
    val v = vector(t, "v", n).times(0.75).plus(i)
    val above = if (batch == 1) v.minus(vector(t, "threshold", n)) else v.minus(0.5)
    val z = new Arctan(2).spike(above)
    t.store("s", t.collect(z))
    t.store("i", i)
    t.store("v", v.times(z.from(1)).minus(t.mark(t.load(s.name, 1), dtype).times(0.125)))
    t.store("count", vector(t, "count", n).times(0.9).plus(z))
    t.finish()
  }

  private val loss: Program = {
    val t = new Trace("squares")
    val n = neurons * batch
    val error = vector(t, "count", n).minus(vector(t, "target", n))
    t.declare(Variable.of(Episode.LOSS, Type.scalar(dtype)))
    t.store(Episode.LOSS, t.sum(error.times(error)).plus(t.sum(vector(t, "v", n)).times(0.25)))
    t.finish()
  }

  private val by = new Inputs((values.keySet -- Seq("target") -- (if (recurrent) Nil else Seq("rec")) -- (if (batch > 1) Seq("threshold") else Nil)).asJava, Set("leak").asJava)

  def gradients(steps: Int, window: Checkpoints, beyond: Beyond, backend: Backend): Map[String, Seq[Double]] = {
    val plan = new Bptt.Plan(by, window, beyond)
    val bptt = new Bptt(new Episode(step, loss, steps), plan, scalars.asJava, backend)
    try {
      for ((name, w) <- values if by.variables.contains(name) || name == "target") bptt.write(name, w)
      val value = bptt.run(0)
      assert(bptt.run(0) == value)
      val variables = by.variables.asScala.map(v => v -> bptt.byVariable(v).toSeq)
      (variables ++ Seq("leak" -> Seq(bptt.byParameter("leak")))).toMap
    } finally bptt.close()
  }
}

@spindle.Gpu
class TracesSuite extends AnyFunSuite {
  private val reference = new ReferenceBackend
  private val steps = 12

  private def sum(all: Seq[Map[String, Seq[Double]]]): Map[String, Seq[Double]] =
    all.reduce((a, b) => a.map { case (k, x) => k -> x.zip(b(k)).map { case (p, q) => p + q } })

  private def distance(a: Map[String, Seq[Double]], b: Map[String, Seq[Double]]): Double =
    a.map { case (k, x) => x.zip(b(k)).map { case (p, q) => (p - q) * (p - q) }.sum }.sum

  test("without synapses between its neurons, traces give the whole gradient at any window") {
    val layer = new Online(DType.F64, recurrent = false)
    for (window <- Seq(1, 3, 4, 12)) {
      val losses = (window to steps by window).map(n => layer.gradients(n, Checkpoints.storeAll(n), Beyond.NOTHING, reference))
      val expected = sum(losses)
      assert(expected.values.forall(_.exists(_ != 0)))
      val actual = layer.gradients(steps, Checkpoints.root(window), Beyond.TRACES, reference)
      assert(distance(actual, expected) <= 1e-24 * distance(expected, expected.map { case (k, x) => k -> x.map(_ => 0.0) }), window)
    }
  }

  test("between neurons, traces come nearer to the whole gradient than truncation does") {
    val layer = new Online(DType.F64, recurrent = true)
    for (window <- Seq(1, 2, 4)) {
      val whole = sum((window to steps by window).map(n => layer.gradients(n, Checkpoints.storeAll(n), Beyond.NOTHING, reference)))
      val Seq(cut, traced) = Seq(Beyond.NOTHING, Beyond.TRACES).map(layer.gradients(steps, Checkpoints.root(window), _, reference))
      assert(distance(traced, whole) < 0.5 * distance(cut, whole), window)
    }
  }

  test("one window needs no traces") {
    val layer = new Online(DType.F32, recurrent = true)
    val Seq(cut, traced) = Seq(Beyond.NOTHING, Beyond.TRACES).map(layer.gradients(steps, Checkpoints.root(steps), _, reference))
    assert(cut === traced)
  }

  for (dtype <- Seq(DType.F32, DType.F64)) {
    test(s"compiled traces are the reference's: $dtype") {
      val layer = new Online(dtype, recurrent = true)
      val expected = layer.gradients(steps, Checkpoints.root(3), Beyond.TRACES, reference)
      for (backend <- Generators.others) {
        assert(layer.gradients(steps, Checkpoints.root(3), Beyond.TRACES, backend) === expected, backend.name)
      }
    }
  }

  test("traces of a batch are refused by name") {
    val layer = new Online(DType.F32, recurrent = false, batch = 3)
    val refused = intercept[IllegalArgumentException](layer.gradients(steps, Checkpoints.root(3), Beyond.TRACES, reference))
    assert(refused.getMessage === "in: traces are of one trial, got a batch of 3")
  }
}
