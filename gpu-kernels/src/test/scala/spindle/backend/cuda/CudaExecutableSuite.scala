package spindle.backend.cuda

import java.lang.management.ManagementFactory

import scala.jdk.CollectionConverters._
import scala.util.Random

import org.scalatest.funsuite.AnyFunSuite
import org.scalatestplus.scalacheck.ScalaCheckPropertyChecks
import spindle.backend.{Backend, Executable}
import spindle.backend.cpu.CpuBackend
import spindle.backend.reference.ReferenceBackend
import spindle.compile.Mode
import spindle.compile.ptx.Kernels.Shape
import spindle.ir._
import spindle.sim.Simulation
import spindle.task.{CobaLif, Settings, Value}

/** The CUDA backend on the stand-in driver: the interpreter is the definition here too. */
@spindle.Gpu
class CudaExecutableSuite extends AnyFunSuite with ScalaCheckPropertyChecks {
  private def backends = {
    StandIn.missing.foreach(cancel(_))
    StandIn.shapes(Shape.values.toIndexedSeq: _*)
  }

  private def agree(seed: Long, size: Int): Unit = {
    StandIn.seed(seed.toInt)
    val c = new RandomProgram(seed, size).write()
    backends.foreach(b => c.difference(b, 3).foreach(d => fail(s"seed $seed, size $size: $d\n${c.program}")))
  }

  test("random programs equal the interpreter bit for bit in every shape, whatever the order of threads") {
    forAll(Generators.seeds, minSuccessful(12))(agree(_, 6))
    forAll(Generators.seeds, minSuccessful(4))(agree(_, 40))
  }

  for (op <- Op.values.toVector.filter(_.isElementwise)) {
    test(s"$op keeps its bits on special numbers") {
      val c = SpecialNumbers.program(op)
      backends.foreach(b => assert(c.difference(b, 1) === None, op))
    }
  }

  test("steps may be run in any portions, with the events that happened in each") {
    val random = new Random(1)
    for (seed <- 1L to 3; backend <- backends) {
      val c = new RandomProgram(seed, 20).write()
      val (whole, parts) = (c.load(backend), c.load(backend))
      whole.run(0, 40)
      var step = 0
      while (step < 40) {
        val n = (1 + random.nextInt(20)) min (40 - step)
        parts.run(step, n)
        step += n
      }
      assert(c.difference(whole, parts) === None)
      whole.close()
      parts.close()
    }
  }

  private def settings(values: (String, String)*): Settings = {
    val parameters = (new CobaLif).describe.parameters
    val changes = values.map { case (k, v) => k -> Value.parse(parameters.asScala.find(_.name == k).get, v) }
    Settings.defaults(parameters).`with`(changes.toMap.asJava)
  }

  /** Spikes and potentials of a balanced network. */
  private def balanced(settings: Settings, steps: Int, backend: Backend): (Vector[(Int, Int)], Vector[Double]) = {
    val network = CobaLif.network(settings)
    val cells = network.populations.get(0)
    val simulation = new Simulation(network, 4, backend)
    try {
      simulation.run(steps)
      val log = simulation.spikes(cells)
      val v = new Array[Double](cells.size)
      simulation.read(cells.all, "v", v.indices.toArray, v)
      (Vector.tabulate(log.size)(k => log.step(k) -> log.index(k)), v.toVector)
    } finally simulation.close()
  }

  for (form <- Seq(Seq("net.storage" -> "stored"), Seq("net.storage" -> "regenerated"), Seq("sim.precision" -> "float64"),
      Seq("net.connectivity" -> "fixed-in-degree", "net.storage" -> "regenerated"), Seq("net.weights" -> "literal", "net.p" -> "0.3"),
      Seq("syn.delay_law" -> "uniform", "syn.delay_max" -> "2.3 ms", "input.rate" -> "300 Hz"))) {
    test(s"coba-lif spikes as on the CPU, bit for bit: ${form.map { case (k, v) => s"$k $v" }.mkString(", ")}") {
      val s = settings(form :+ ("net.neurons" -> "200"): _*)
      // Rows by target are all walked in every step, which takes the stand-in long.
      val steps = if (form.contains("net.connectivity" -> "fixed-in-degree")) 40 else 250
      val expected = balanced(s, steps, new CpuBackend(Mode.PLAIN))
      assert(expected._1.size > 20)
      backends.foreach(b => assert(balanced(s, steps, b) === expected, b.device))
    }
  }

  /** A program whose state, of every float type, overflows at a step of its own, and whose events are recorded. */
  private lazy val growing: Program = {
    val t = new Trace("growing")
    t.declare(Variable.of("spikes", Type.vector(DType.EVENTS, 70)))
    for (d <- Seq(DType.F32, DType.F64); scalar <- Seq(true, false)) {
      val name = s"$d${if (scalar) "" else "s"}"
      t.declare(Variable.of(name, if (scalar) Type.scalar(d) else Type.vector(d, 70)))
      t.store(name, t.load(name).times(1e10))
    }
    t.declare(Variable.of("counts", Type.vector(DType.I32, 70)))
    t.store("counts", t.load("counts").plus(1))
    t.store("spikes", t.collect(t.load("F32s").heaviside))
    t.finish()
  }

  private val floats = Seq("F32", "F32s", "F64", "F64s")

  private def places(e: Executable): Seq[Int] = (floats :+ "counts").map(e.firstNonFinite)

  test("state that is not finite is found at the step and the place where the interpreter finds it") {
    for (backend <- backends; (name, where) <- Seq("F32" -> 0, "F32s" -> 0, "F32s" -> 69, "F64" -> 0, "F64s" -> 33)) {
      val start = Array.tabulate(if (name.endsWith("s")) 70 else 1)(i => if (i == where) -1.0 else 0)
      val all = Seq(new ReferenceBackend, backend).map(Case(growing, Map.empty, Map(name -> start)).load(_))
      val found = (0 until 40).map { step =>
        all.foreach(_.run(step, 1))
        val Seq(right, is) = all.map(places)
        assert(is === right, s"$name on ${backend.device}, step $step")
        right.max
      }
      assert(found.head === -1 && found.last === where)
      // What is written is seen at once, and what was found is forgotten when it is gone.
      all.foreach(_.write(name, start))
      assert(all.map(places).distinct === Seq(Seq.fill(5)(-1)))
      all.foreach(_.run(40, 2))
      assert(all.map(places).distinct === Seq(Seq.fill(5)(-1)))
      all.foreach(_.write(name, start.map(x => if (x != 0) Double.NaN else 1)))
      assert(all.map(places(_).max).distinct === Seq(where))
      all.foreach(_.close())
    }
  }

  test("whether state is finite is asked without a copy, as long as it is") {
    StandIn.unseen.foreach(cancel(_))
    for (backend <- backends) {
      val e = Case(growing, Map.empty, Map("F64s" -> Array.fill(70)(1.0))).load(backend)
      for (step <- 0 until 30) {
        e.run(step, 1)
        val before = StandIn.copies
        assert(places(e).forall(_ == -1))
        assert(StandIn.copies === before)
      }
      e.run(30, 1)
      assert(places(e) === Seq(-1, -1, -1, 0, -1))
      e.close()
    }
  }

  /** A program with spikes to record. */
  private lazy val quiet: Program = {
    val t = new Trace("quiet")
    t.declare(Variable.of("x", Type.vector(DType.F32, 64)))
    t.declare(Variable.of("spikes", Type.vector(DType.EVENTS, 64)))
    val x = t.load("x").times(0.5)
    t.store("x", x)
    t.store("spikes", t.collect(x.minus(1).heaviside))
    t.finish()
  }

  for ((steps, launches) <- Seq(1 -> 200, 20 -> 50)) {
    test(s"a warm chunk of $steps steps allocates nothing on the Java heap, with recordings pulled") {
      val threads = ManagementFactory.getThreadMXBean.asInstanceOf[com.sun.management.ThreadMXBean]
      for (backend <- backends) {
        val e = Case(quiet, Map.empty, Map.empty).load(backend)
        for (k <- 0 until 50) e.run(steps * k, steps)
        val id = Thread.currentThread.getId
        val least = (1 to 5).map { round =>
          val before = threads.getThreadAllocatedBytes(id)
          for (k <- 0 until launches) e.run(steps * (launches * round + k), steps)
          threads.getThreadAllocatedBytes(id) - before
        }.min
        // The counting itself takes some bytes; the smallest object of a launch would take 16.
        assert(least < 16 * launches, backend.device)
        e.close()
      }
    }
  }

  test("a chunk that goes on where the last ended copies nothing to the device, and its recordings alone from it") {
    StandIn.unseen.foreach(cancel(_))
    for (backend <- backends) {
      val e = Case(quiet, Map.empty, Map.empty).load(backend)
      e.run(0, 40)
      val (in, out) = StandIn.copies
      for (k <- 1 to 10) e.run(40 * k, 40)
      assert(StandIn.copies === ((in, out + 10)), backend.device)
      e.close()
    }
  }

  test("what was loaded is freed, to the last byte") {
    StandIn.unseen.foreach(cancel(_))
    for (backend <- backends) {
      new RandomProgram(5, 20).write().load(backend).close()
      val before = Driver.freeBytes
      val e = new RandomProgram(7, 40).write().load(backend)
      e.run(0, 20)
      assert(Driver.freeBytes <= before - e.bytes)
      e.close()
      assert(Driver.freeBytes === before)
    }
  }
}
