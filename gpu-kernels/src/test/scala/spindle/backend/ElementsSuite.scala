package spindle.backend

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite
import spindle.ir._

/** Which elements of a variable there are, for every backend alike. */
@spindle.Gpu
class ElementsSuite extends AnyFunSuite {
  private val history = 3

  private def program(history: Int): Program = {
    val t = new Trace("elements")
    t.declare(new Variable("spikes", Type.vector(DType.EVENTS, 5), history))
    t.declare(Variable.of("v", Type.vector(DType.F32, 5)))
    t.declare(Variable.of("d", Type.vector(DType.F64, 2)))
    t.declare(Variable.of("none", Type.vector(DType.F32, 0)))
    t.declare(Variable.of("s", new Type(DType.F32, Type.SCALAR)))
    t.store("spikes", t.collect(t.load("v")))
    t.store("s", t.load("s").plus(1))
    t.finish()
  }

  private def load(backend: Backend, history: Int): Executable =
    backend.load(program(history), new Arguments(Map[String, java.lang.Double]().asJava, Set[String]().asJava))

  test("what is no element is refused, at every step") {
    for (backend <- Generators.backends; e = load(backend, history); step <- 0 to 4) {
      e.write("v", Array.fill(5)(1f))
      e.run(step, 1)
      val ranges = Seq(("spikes", 5 * history, "elements 0 to 14"), ("v", 5, "elements 0 to 4"), ("none", 0, "no elements"), ("s", 1, "elements 0 to 0"))
      for ((name, size, range) <- ranges; index <- Seq(-5, -1, size, size + 4)) {
        val refused = intercept[IndexOutOfBoundsException](e.read(name, Array.fill(2)(index), new Array(2)))
        assert(refused.getMessage === s"$name has $range, got $index", backend.device)
      }
    }
  }

  test("a snapshot restores as much of the past as both remember, and nothing before that") {
    for (backend <- Generators.backends; from <- 1 to 3; to <- 1 to 3) {
      val (source, target) = (load(backend, from), load(backend, to))
      for (step <- 0 until 3) {
        source.write("v", Array.tabulate(5)(i => if (i == step) 1f else 0f))
        source.run(step, 1)
      }
      val past = new Snapshot(program(from).variables)
      source.save(past)
      target.write("v", Array.fill(5)(1f))
      for (before <- 0 to 3) { // wherever the newest step lies
        target.run(before, 1)
        target.restore(past)
        target.write("v", Array.fill(5)(1f))
        val masks = new Array[Double](5 * to)
        target.read("spikes", masks.indices.toArray, masks)
        val expected = for (d <- to to 1 by -1; i <- 0 until 5) yield if (d <= from && i == 3 - d) 1.0 else 0.0
        assert(masks.toSeq === expected, s"$from $to ${backend.device}")
      }
    }
  }

  test("what does not fit a variable is refused alike by all backends") {
    for (backend <- Generators.backends; e = load(backend, history)) {
      def refused(message: String)(use: => scala.Unit): scala.Unit = assert(intercept[IllegalArgumentException](use).getMessage === message, backend.device)
      refused("v has 5 elements, got 4")(e.write("v", new Array[Double](4)))
      refused("v has 5 elements, got 4")(e.read("v", new Array[Float](4)))
      refused("v has 5 elements, got 6")(e.write("v", new Array[Float](6)))
      if (Generators.others.contains(backend)) // the interpreter takes floats for any type
        refused("d is f64[2] and no vector of float32")(e.write("d", new Array[Float](2)))
      refused("s has 1 elements, got 2")(e.write("s", new Array[Double](2)))
      refused("spikes has 15 elements, got 5")(e.write("spikes", new Array[Double](5)))
      val others = Seq(Variable.of("v", Type.vector(DType.F32, 3)), Variable.of("v", Type.vector(DType.F64, 5)), new Variable("spikes", Type.vector(DType.EVENTS, 6), history))
      for (other <- others) {
        val own = program(history).variable(other.name).`type`
        refused(s"${other.name} is $own, the snapshot has ${other.`type`}")(e.restore(new Snapshot(Seq(other).asJava)))
      }
      assert(intercept[java.util.NoSuchElementException](e.log("v")).getMessage === "v is not recorded; recorded: []")
      e.write("s", Array(Double.NaN))
      assert(Seq("s", "v", "spikes").map(e.firstNonFinite) === Seq(0, -1, -1), backend.device)
    }
    val long = intercept[IllegalArgumentException](new Variable("spikes", Type.vector(DType.EVENTS, 1 << 20), 1 << 12))
    assert(long.getMessage === "spikes: 4096 steps of 1048576 neurons exceed 2^31 - 1 elements; use shorter delays")
  }
}
