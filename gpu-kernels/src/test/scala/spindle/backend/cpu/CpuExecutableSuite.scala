package spindle.backend.cpu

import java.lang.management.ManagementFactory

import scala.jdk.CollectionConverters._

import com.sun.management.ThreadMXBean
import org.scalatest.funsuite.AnyFunSuite
import spindle.backend.{Arguments, Executable}
import spindle.compile.{Jvm, Mode}
import spindle.connect.{Bernoulli, Connectivity, Delayed, FixedInDegree, Weighted}
import spindle.ir._
import spindle.model.{Assembly, Network}
import spindle.task.{CobaLif, Settings, Value}

/** What random programs need luck to meet, and what they cannot see. */
@spindle.Gpu
class CpuExecutableSuite extends AnyFunSuite {
  private val f32 = Type.vector(DType.F32, 7)
  private val i32 = Type.vector(DType.I32, 7)

  private def agree(initial: (String, Seq[Double])*)(write: Trace => Unit): Unit = {
    val trace = new Trace("example")
    write(trace)
    val c = Case(trace.finish(), Map.empty, initial.map { case (name, x) => name -> x.toArray }.toMap)
    Generators.compiled.foreach(b => assert(c.difference(b, 5) === None))
  }

  private val ramp = (0 until 7).map(_.toDouble)

  test("a constant bound that is no number makes none of any value") {
    agree("x" -> ramp, "y" -> ramp) { trace =>
      Seq("x", "y").foreach(v => trace.declare(Variable.of(v, f32)))
      val bound = trace.constant(DType.F32, -6).log()
      trace.store("x", trace.load("x").max(bound))
      trace.store("y", trace.load("y").min(bound))
    }
  }

  test("variables that swap their values do so at once, vectors and scalars") {
    for (t <- Seq(f32, Type.scalar(DType.F64))) {
      val x = ramp.take(t.size)
      agree("a" -> x, "b" -> x.map(_ + 10), "c" -> x.map(_ + 20)) { trace =>
        Seq("a", "b", "c").foreach(v => trace.declare(Variable.of(v, t)))
        trace.store("a", trace.load("b"))
        trace.store("b", trace.load("c"))
        trace.store("c", trace.load("a"))
      }
    }
  }

  test("an old value that is read after its variable was written is still the old one") {
    agree("a" -> ramp, "b" -> ramp) { trace =>
      Seq("a", "b").foreach(v => trace.declare(Variable.of(v, f32)))
      val next = trace.load("a").plus(1)
      trace.store("a", next)
      // The sum is a barrier: what follows it runs in a later loop.
      trace.store("b", trace.load("a").times(trace.sum(next)))
    }
  }

  test("a product under a select is right wherever it is read, by the select and beside it") {
    for (beside <- Seq(false, true); batch <- Seq(1, 40)) {
      val (n, size) = (16, 16 * batch)
      val x = (0 until size).map(i => (i % 7) - 3.0)
      val w = (0 until n * n).map(i => (i % 5) / 4.0 - 0.5)
      agree("x" -> x, "v" -> x.map(_ * 0.75), "w" -> w, "y" -> x) { trace =>
        val f = Type.vector(DType.F32, size)
        Seq("x", "v", "y").foreach(v => trace.declare(Variable.of(v, f)))
        trace.declare(Variable.of("w", Type.vector(DType.F32, n * n)))
        val cut = trace.load("v").apply(Op.ABS).from(1).max(0)
        val all = new spindle.connect.AllToAll(n, n).rows("r", Rows.Storage.AUTO)
        val product = trace.transmit(trace.load("x"), trace.load("w"), all, Direction.AGAINST)
        trace.store("x", cut.select(product.times(cut).times(0.25), product.like(0)).plus(0.125))
        trace.store("v", trace.load("v").times(-0.75).plus(trace.load("x").times(0.5)))
        if (beside) trace.store("y", product.plus(trace.load("y")))
      }
    }
  }

  test("a variable that takes over another's old value is not given the new one") {
    agree("a" -> ramp, "b" -> ramp) { trace =>
      Seq("a", "b").foreach(v => trace.declare(Variable.of(v, f32)))
      trace.store("a", trace.load("a").plus(1))
      trace.store("b", trace.load("a"))
    }
  }

  test("two variables may take the same new value") {
    agree("a" -> ramp, "b" -> ramp) { trace =>
      Seq("a", "b").foreach(v => trace.declare(Variable.of(v, f32)))
      val next = trace.load("a").plus(trace.load("b"))
      trace.store("a", next)
      trace.store("b", next)
    }
  }

  test("an index can be stored and gathered by") {
    agree("i" -> ramp.map(_ * 0), "x" -> ramp) { trace =>
      trace.declare(Variable.of("i", i32))
      trace.declare(Variable.of("x", f32))
      trace.store("i", trace.index(7))
      trace.store("x", trace.gather(trace.load("x"), trace.index(7)).plus(1))
    }
  }

  test("events are handed from variable to variable with their delay") {
    agree("x" -> ramp) { trace =>
      trace.declare(Variable.of("x", f32))
      trace.declare(new Variable("spikes", Type.vector(DType.EVENTS, 7), 3))
      trace.declare(new Variable("late", Type.vector(DType.EVENTS, 7), 1))
      trace.store("x", trace.load("x").minus(1))
      trace.store("spikes", trace.collect(trace.load("x").minus(trace.time().as(DType.F32))))
      trace.store("late", trace.load("spikes", 3))
    }
  }

  test("a mask selects among integers") {
    agree("x" -> ramp, "i" -> ramp) { trace =>
      trace.declare(Variable.of("x", f32))
      trace.declare(Variable.of("i", i32))
      val mask = trace.load("x").minus(3).heaviside
      trace.store("i", mask.select(trace.load("i").plus(2), trace.load("i").negated))
    }
  }

  test("a scalar variable is read and written like a vector of one") {
    val trace = new Trace("scalar")
    trace.declare(Variable.of("s", Type.scalar(DType.F32)))
    trace.store("s", trace.load("s").times(2))
    Generators.backends.foreach { backend =>
      val executable = backend.load(trace.finish(), new Arguments(java.util.Map.of(), java.util.Set.of()))
      executable.write("s", Array(1.5))
      executable.run(0, 3)
      val out = new Array[Double](1)
      executable.read("s", Array(0), out)
      assert(out(0) === 12)
    }
  }

  test("what cannot be read or written is refused by name") {
    val trace = new Trace("named")
    trace.declare(Variable.of("x", f32))
    trace.store("x", trace.load("x").plus(trace.parameter("drive", DType.F32)))
    val program = trace.finish()
    Generators.compiled.foreach { backend =>
      val missing = intercept[IllegalArgumentException](
        backend.load(program, new Arguments(java.util.Map.of(), java.util.Set.of())))
      assert(missing.getMessage.contains("drive"))
      val executable = backend.load(program, new Arguments(Map("drive" -> Double.box(1)).asJava, java.util.Set.of()))
      assert(intercept[NoSuchElementException](executable.read("y", Array(0), new Array(1))).getMessage.contains("y"))
      assert(intercept[IllegalArgumentException](executable.write("x", Array(1.0))).getMessage === "x has 7 elements, got 1")
      assert(intercept[NoSuchElementException](executable.log("x")).getMessage.contains("x is not recorded"))
    }
  }

  test("the first element that is not finite is found, padding apart") {
    val trace = new Trace("finite")
    for (t <- Seq(f32, f32.as(DType.F64))) trace.declare(Variable.of(t.dtype.toString, t))
    // The padding behind the last element divides 0 by 0 as well.
    for (t <- Seq(DType.F32, DType.F64)) {
      val x = trace.load(t.toString)
      trace.store(t.toString, x.times(x.over(x)))
    }
    Generators.backends.foreach { backend =>
      val executable = backend.load(trace.finish(), new Arguments(java.util.Map.of(), java.util.Set.of()))
      for (name <- Seq("F32", "F64")) {
        executable.write(name, Array.fill(7)(1.0))
        executable.run(0, 1)
        assert(executable.firstNonFinite(name) === -1)
        for (bad <- Seq(Double.NaN, Double.PositiveInfinity); at <- Seq(0, 6)) {
          executable.write(name, Array.tabulate(7)(i => if (i == at) bad else 1.0))
          assert(executable.firstNonFinite(name) === at)
        }
        executable.write(name, Array.fill(7)(1.0))
      }
    }
  }

  // Bytes are counted for this thread alone. Until C2 has compiled a Vector API loop every
  // operation boxes its vector, and C2 has other work in a long test run: so loops run until they
  // are as warm as expected. A loop that allocates by nature is not helped by that.
  private def bytesPerStep(executable: Executable, expected: Long = 0): Long = {
    val bean = ManagementFactory.getThreadMXBean.asInstanceOf[ThreadMXBean]
    val id = Thread.currentThread.getId
    def bytes(run: => Unit): Long = {
      val before = bean.getThreadAllocatedBytes(id)
      run
      bean.getThreadAllocatedBytes(id) - before
    }
    val counting = bytes(())
    val batches = (0 until 400).iterator.map(k => (bytes(executable.run(k * 500, 500)) - counting) / 500)
    batches.scanLeft(Long.MaxValue)(_ min _).dropWhile(_ > expected).nextOption().getOrElse(Long.MaxValue)
  }

  private def settings(values: (String, String)*): Settings = {
    val parameters = new CobaLif().describe.parameters
    val changes = values.map { case (k, v) => k -> Value.parse(parameters.asScala.find(_.name == k).get, v) }
    Settings.defaults(parameters).`with`(changes.toMap.asJava)
  }

  private def cobaLifBytes(neurons: Int, storage: String, mode: Mode, expected: Long): Long = {
    val network = CobaLif.network(
      settings("net.neurons" -> s"$neurons", "net.storage" -> storage, "input.rate" -> "10 Hz"))
    val assembly = Assembly.of(network, 1)
    bytesPerStep(new CpuBackend(mode).load(assembly.step, new Arguments(assembly.arguments, java.util.Set.of())), expected)
  }

  for (storage <- Seq("stored", "regenerated")) {
    test(s"the warm COBA-LIF step allocates nothing: $storage, plain") {
      assert(cobaLifBytes(400, storage, Mode.PLAIN, 0) === 0)
    }
  }

  test("the warm COBA-LIF step with vectors allocates nothing per neuron") {
    // Before JDK 21 vectors are lost in whole kernels and box, so they are not preferred.
    assume(Jvm.hasVectors && Runtime.version.feature >= 21, "no vectors that are preferred on this Java")
    // What C2 boxes ahead of a loop, once per call, is left out: at most 10 vectors.
    assert(cobaLifBytes(1600, "stored", Mode.VECTOR, 960) <= 960)
  }

  test("plain loops hand over to vectors in the middle of a run without changing a bit") {
    assume(Jvm.hasVectors, "no vectors on this Java")
    val network = CobaLif.network(settings("net.neurons" -> "1000", "input.rate" -> "10 Hz"))
    val assembly = Assembly.of(network, 1)
    val spikes = Network.spikes(network.populations.get(0))
    def run(backend: CpuBackend, between: CpuExecutable => Unit): Seq[(Int, Int)] = {
      val arguments = new Arguments(assembly.arguments, java.util.Set.of(spikes))
      val executable = backend.load(assembly.step, arguments).asInstanceOf[CpuExecutable]
      val random = new scala.util.Random(1)
      executable.write("cells.v", Array.fill(1000)(-60 + 10 * random.nextDouble()))
      val bytes = executable.bytes
      executable.run(0, 150)
      between(executable)
      assert(executable.bytes === bytes, "held, whatever loops have run")
      executable.run(150, 150)
      assert(executable.bytes === bytes)
      val log = executable.log(spikes)
      (0 until log.size).map(k => (log.step(k), log.index(k)))
    }
    val plain = run(new CpuBackend(Mode.PLAIN), _ => ())
    assert(plain.count(_._1 >= 150) > 100)
    for (threads <- 1 to 2)
      assert(run(new CpuBackend(Mode.PLAIN, Mode.VECTOR, threads), _.goOver()) === plain)
  }

  private val crowds =
    for (n <- Seq(Short.MaxValue.toInt, 100000); storage <- Seq(Rows.Storage.STORED, Rows.Storage.REGENERATED))
      yield (n, storage)

  for ((n, storage) <- crowds) test(s"$n spikes in a step are counted exactly, with and without vectors, $storage") {
    val law = new Bernoulli(n, 8, 0.9)
    val trace = new Trace("crowd")
    trace.declare(Variable.of("g", Type.vector(DType.F32, 8)))
    trace.declare(Variable.of("s", Type.vector(DType.EVENTS, n)))
    val g = trace.propagate(trace.load("s"), law.rows("rows", storage), DType.F32)
    trace.store("g", trace.load("g").times(0.5).plus(g))
    // At step 0 one neuron in eight fires, at step 3 every second one, at step 7 all.
    val apart = trace.constant(DType.I32, 7).minus(trace.time())
    val quiet = trace.index(n).apply(Op.AND, apart.plus(trace.index(n).times(0)))
    trace.store("s", trace.collect(trace.index(n).times(0).plus(1).minus(quiet.min(1)).as(DType.F32)))
    val program = trace.finish()
    def run(mode: Mode): Seq[Seq[Double]] = {
      val executable = new CpuBackend(mode).load(program, new Arguments(law.arguments("rows", 1), java.util.Set.of()))
      for (step <- 0 to 8) yield {
        executable.run(step, 1)
        val out = new Array[Double](8)
        executable.read("g", Array.range(0, 8), out)
        out.toSeq
      }
    }
    val plain = run(Mode.PLAIN)
    assert(plain(8).forall(_ > 0.88 * n), "of the larger number more than 16 bits count")
    if (Jvm.hasVectors) assert(run(Mode.VECTOR) === plain)
  }

  test("a loop that is rehearsed becomes ready") {
    assume(Jvm.hasVectors && Runtime.version.feature >= 21, "no vectors that are preferred on this Java")
    val assembly = Assembly.of(CobaLif.network(settings("net.neurons" -> "600")), 1)
    val arguments = new Arguments(assembly.arguments, java.util.Set.of())
    val executable = new CpuBackend(Mode.PLAIN, Mode.VECTOR, 1).load(assembly.step, arguments).asInstanceOf[CpuExecutable]
    val end = System.nanoTime + 60000000000L
    while (executable.isWaiting && System.nanoTime < end) executable.run(0, 100)
    assert(!executable.isWaiting)
    val later = new CpuBackend(Mode.PLAIN, Mode.VECTOR, 1).load(assembly.step, arguments).asInstanceOf[CpuExecutable]
    assert(!later.isWaiting, "what was learnt holds for the JVM")
    for (state <- Seq("v", "refractory", "g_exc", "g_inh")) {
      val values = new Array[Float](600)
      later.read(s"cells.$state", values)
      assert(values.forall(_ == 0), s"$state begins at 0")
    }
  }

  for (law <- Seq[Connectivity](new Bernoulli(64, 64, 0.3), new FixedInDegree(64, 64, 9),
      new Weighted(new FixedInDegree(64, 64, 9), Weighted.Law.NORMAL, 0, 1)); storage <- Rows.Storage.values) {
    test(s"delivery allocates nothing: $law, $storage") {
      val trace = new Trace("delivery")
      trace.declare(Variable.of("g", Type.vector(DType.F32, 64)))
      val fires = trace.index(64).apply(Op.XOR, trace.time()).apply(Op.AND, trace.constant(DType.I32, 7)).as(DType.F32)
      trace.store("g", trace.propagate(trace.collect(fires), law.rows("rows", storage), DType.F32))
      val arguments = new Arguments(law.arguments("rows", 1), java.util.Set.of())
      assert(bytesPerStep(new CpuBackend(Mode.PLAIN).load(trace.finish(), arguments)) === 0)
    }
  }

  for (law <- Seq[Connectivity](new Bernoulli(64, 64, 0.3), new Weighted(new FixedInDegree(64, 64, 9), Weighted.Law.NORMAL, 0, 1));
      storage <- Rows.Storage.values) {
    test(s"delivery over delays allocates nothing: $law, $storage") {
      val trace = new Trace("delivery")
      trace.declare(Variable.of("g", Type.vector(DType.F32, 64)))
      trace.declare(new Variable("s", Type.vector(DType.EVENTS, 64), 5))
      val fires = trace.index(64).apply(Op.XOR, trace.time()).apply(Op.AND, trace.constant(DType.I32, 7)).as(DType.F32)
      val delayed = new Delayed(law, new Delayed.Uniform(1, 5))
      trace.store("s", trace.collect(fires))
      trace.store("g", trace.propagate(trace.recent("s", 5, 0, 64), delayed.rows("rows", storage), DType.F32))
      val arguments = new Arguments(delayed.arguments("rows", 1), java.util.Set.of())
      assert(bytesPerStep(new CpuBackend(Mode.PLAIN).load(trace.finish(), arguments)) === 0)
    }
  }
}
