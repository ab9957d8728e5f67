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

  test("arrays of floats have the length of the vector") {
    for (backend <- Generators.backends; e = load(backend, history)) {
      def refused(message: String)(use: => scala.Unit): scala.Unit = assert(intercept[IllegalArgumentException](use).getMessage === message)
      refused("v is f32[5], got 4 floats")(e.read("v", new Array[Float](4)))
      refused("v is f32[5], got 6 floats")(e.write("v", new Array[Float](6)))
    }
  }

  test("a snapshot of a longer past restores as much as is remembered") {
    for (backend <- Generators.backends) {
      val (long, short) = (load(backend, history), load(backend, 2))
      for (step <- 0 until history) {
        long.write("v", Array.tabulate(5)(i => if (i == step) 1f else 0f))
        long.run(step, 1)
      }
      val past = new Snapshot(program(history).variables)
      long.save(past)
      for (before <- 0 to 2) { // wherever the newest step lies
        short.run(before, 1)
        short.restore(past)
        val masks = new Array[Double](10)
        short.read("spikes", masks.indices.toArray, masks)
        assert(masks.toSeq === Seq(0, 1, 0, 0, 0, 0, 0, 1, 0, 0), backend.device)
      }
    }
  }
}
