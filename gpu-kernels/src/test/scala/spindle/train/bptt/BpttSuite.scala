package spindle.train.bptt

import scala.jdk.CollectionConverters._
import scala.util.Random

import org.scalatest.funsuite.AnyFunSuite
import spindle.backend.Backend
import spindle.backend.reference.ReferenceBackend
import spindle.connect.AllToAll
import spindle.grad.Inputs
import spindle.grad.surrogate.{Arctan, ReluGrad, Surrogate}
import spindle.ir._

/** A batch through a recurrent layer of neurons with learned weights, read out at the end. */
private[spindle] class Layer(dtype: DType, spiking: Boolean, steps: Int, surrogate: Surrogate = new Arctan(2), delay: Int = 2) {
  val (inputs, hidden, outputs, batch) = (5, 7, 2, 3)
  val parameters: Map[String, Double] = Map("leak" -> 0.875, "threshold" -> 0.5)
  private val random = new Random(11)
  val weights: Map[String, Array[Double]] =
    Map("w.in" -> inputs * hidden, "w.rec" -> hidden * hidden, "w.out" -> hidden * outputs).map {
      case (name, n) => name -> Array.fill(n)((random.nextInt(128) - 56) / 64.0)
    }
  val target: Array[Double] = Array.tabulate(outputs * batch)(i => i % 3 - 0.75)

  private def all(pre: Int, post: Int, name: String) = new AllToAll(pre, post).rows(name, Rows.Storage.AUTO)

  private def vector(t: Trace, name: String, n: Int): Expr =
    t.load(t.declare(Variable.of(name, Type.vector(dtype, n))).name)

  private val step: Program = {
    val t = new Trace("layer")
    val phase = t.index(inputs * batch).as(dtype).plus(t.time().as(dtype).times(2.5))
    val x = t.collect(phase.times(1.25).apply(Op.SIN).minus(0.25).heaviside())
    val s = t.declare(new Variable("s", Type.vector(DType.EVENTS, hidden * batch), delay))
    val before = if (spiking) t.load(s.name, delay) else vector(t, "z", hidden * batch)
    val drive = t.transmit(x, vector(t, "w.in", inputs * hidden), all(inputs, hidden, "in"), Direction.ALONG)
      .plus(t.transmit(before, vector(t, "w.rec", hidden * hidden), all(hidden, hidden, "rec"), Direction.ALONG))
    val v = vector(t, "v", hidden * batch).times(t.parameter("leak", dtype)).plus(drive)
    val above = v.minus(t.parameter("threshold", dtype))
    val z = if (spiking) surrogate.spike(above) else above.apply(Op.TANH)
    if (spiking) t.store("s", t.collect(z)) else t.store("z", z)
    t.store("v", v.minus(z.times(t.parameter("threshold", dtype))))
    val out = t.transmit(z, vector(t, "w.out", hidden * outputs), all(hidden, outputs, "out"), Direction.ALONG)
    t.store("y", vector(t, "y", outputs * batch).times(0.75).plus(out))
    t.store("effort", t.load(t.declare(Variable.of("effort", Type.scalar(dtype))).name).plus(t.sum(v.times(v))))
    t.finish()
  }

  private val loss: Program = {
    val t = new Trace("squared error")
    val error = vector(t, "y", outputs * batch).minus(vector(t, "target", outputs * batch))
    t.declare(Variable.of("effort", Type.scalar(dtype)))
    t.declare(Variable.of(Episode.LOSS, Type.scalar(dtype)))
    val decay = t.sum(vector(t, "w.out", hidden * outputs).apply(Op.ABS))
    t.store(Episode.LOSS, t.sum(error.times(error)).plus(t.load("effort").times(0.125)).plus(decay))
    t.finish()
  }

  val episode = new Episode(step, loss, steps)
  private val by = new Inputs((weights.keySet + "v").asJava, parameters.keySet.asJava)

  /** Loss and gradients. */
  def run(plan: Checkpoints, backend: Backend, moved: (String, Int, Double) = ("", 0, 0), from: Int = 0): Result = {
    val scalars = parameters.map { case (q, x) => q -> Double.box(if (q == moved._1) x + moved._3 else x) }
    val bptt = new Bptt(episode, new Bptt.Plan(by, plan), scalars.asJava, backend)
    try {
      bptt.write("target", target)
      for ((name, w) <- weights + ("v" -> Array.tabulate(hidden * batch)(i => i % 4 / 8.0)))
        bptt.write(name, if (name == moved._1) w.updated(moved._2, w(moved._2) + moved._3) else w)
      val value = bptt.run(from)
      assert(bptt.run(from) == value, "a run begins where the one before began")
      val variables = by.variables.asScala.map(v => v -> bptt.byVariable(v).toSeq)
      val scalar = by.parameters.asScala.map(q => q -> Seq(bptt.byParameter(q)))
      Result(value, (variables ++ scalar).toMap, bptt.checkpointBytes)
    } finally bptt.close()
  }
}

private[spindle] case class Result(loss: Double, gradients: Map[String, Seq[Double]], bytes: Long) {
  def same(other: Result): Boolean = loss == other.loss && gradients == other.gradients
}

@spindle.Gpu
class BpttSuite extends AnyFunSuite {
  private val reference = new ReferenceBackend
  private val steps = 12

  test("the gradient is what finite differences of the loss say, by weights, state and parameters") {
    val layer = new Layer(DType.F64, spiking = false, steps)
    val gradients = layer.run(Checkpoints.root(steps), reference).gradients
    val h = 1.0 / (1 << 18)
    for ((name, g) <- gradients; i <- g.indices if i % 5 == 0) {
      val Seq(down, up) = Seq(-h, h).map(d => layer.run(Checkpoints.storeAll(steps), reference, (name, i, d)).loss)
      val expected = (up - down) / (2 * h)
      assert((g(i) - expected).abs < 1e-6 * (1 + expected.abs), s"$name $i")
      assert(expected != 0, s"$name $i")
    }
  }

  for (dtype <- Seq(DType.F32, DType.F64)) {
    test(s"what is kept and what is run again changes no bit: $dtype") {
      val layer = new Layer(dtype, spiking = true, steps)
      val stored = layer.run(Checkpoints.storeAll(steps), reference, from = 7)
      assert(stored.gradients.values.forall(_.exists(_ != 0)))
      for (every <- Seq(1, 3, 5, 11)) assert(layer.run(new Checkpoints(steps, every), reference, from = 7).same(stored))
      assert(layer.run(Checkpoints.root(steps), reference, from = 7).bytes < stored.bytes)
      assert(!layer.run(Checkpoints.storeAll(steps), reference, from = 8).same(stored), "random numbers follow the step")
    }

    test(s"compiled backends give the gradients of the reference: $dtype") {
      for (spiking <- Seq(false, true)) {
        val layer = new Layer(dtype, spiking, steps)
        val expected = layer.run(Checkpoints.root(steps), reference)
        for (backend <- Generators.others) assert(layer.run(Checkpoints.root(steps), backend).same(expected), backend.name)
      }
    }
  }

  for (dtype <- Seq(DType.F32, DType.F64); delay <- Seq(1, 2)) {
    test(s"rows left out where a compact surrogate is 0 change no bit, stored or run again: $dtype, delay $delay") {
      val layer = new Layer(dtype, spiking = true, steps, new ReluGrad(4, 0.25), delay)
      val expected = layer.run(Checkpoints.storeAll(steps), reference)
      assert(expected.gradients("w.rec").exists(_ != 0))
      for (backend <- Generators.backends; plan <- Seq(Checkpoints.storeAll(steps), Checkpoints.root(steps)))
        assert(layer.run(plan, backend).same(expected), backend.name)
    }
  }

  test("truncated: the first window's steps reach no further back, and one window is no truncation") {
    val layer = new Layer(DType.F64, spiking = true, steps)
    val whole = layer.run(Checkpoints.storeAll(steps), reference)
    val windows = Seq(1, 4, 6).map(w => layer.run(Checkpoints.root(w), reference))
    windows.foreach(w => assert(w.loss === whole.loss))
    assert(windows.map(_.gradients("w.rec")).distinct.size === 3)
    assert(windows.map(_.bytes).forall(_ < whole.bytes))
    val first = new Layer(DType.F64, spiking = true, 6).run(Checkpoints.storeAll(6), reference)
    assert(windows(2).gradients("v") === first.gradients("v"), "later windows do not reach the start")
    val refused = intercept[IllegalArgumentException](layer.run(Checkpoints.root(5), reference))
    assert(refused.getMessage === "an episode of 12 steps has no whole number of windows of 5")
  }

  test("a memory budget is used as far as it goes, and one that cannot do is refused") {
    for (steps <- Seq(1, 2, 7, 64, 1000); budget <- 1L to 70L) {
      val least = Checkpoints.root(steps).states
      if (budget >= least) {
        val plan = Checkpoints.within(steps, new Checkpoints.Sizes(100, 100), budget * 100)
        assert(plan.states <= budget)
        val better = (plan.every + 1 to steps).map(new Checkpoints(steps, _)).filter(_.states <= budget)
        assert(better.forall(_.repeated >= plan.repeated))
      } else {
        val refused = intercept[IllegalArgumentException](Checkpoints.within(steps, new Checkpoints.Sizes(100, 100), budget * 100))
        assert(refused.getMessage.contains(s"need ${least * 100} B of checkpoints at least"))
      }
    }
    assert(Checkpoints.within(10000, new Checkpoints.Sizes(1, 1), 200).states <= 200)
  }

  test("what cannot be an episode is refused by name") {
    val layer = new Layer(DType.F64, spiking = true, steps)
    val (step, loss) = (layer.episode.step, layer.episode.loss)
    assert(intercept[IllegalArgumentException](new Episode(step, loss, 0)).getMessage.contains("got 0"))
    assert(intercept[IllegalArgumentException](new Episode(step, step, 1)).getMessage.startsWith("layer must store"))
    val plan = new Bptt.Plan(new Inputs(java.util.Set.of("w"), java.util.Set.of()), Checkpoints.root(steps))
    val unknown = intercept[IllegalArgumentException](new Bptt(layer.episode, plan, java.util.Map.of(), reference))
    assert(unknown.getMessage === "neither layer nor squared error has w")
  }
}
