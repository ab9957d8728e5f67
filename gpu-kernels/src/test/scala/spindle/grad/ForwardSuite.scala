package spindle.grad

import scala.jdk.CollectionConverters._
import scala.util.Random

import org.scalatest.funsuite.AnyFunSuite
import spindle.backend.Executable
import spindle.ir._

/** Forward and reverse mode are transposes of one another, for random programs. */
class ForwardSuite extends AnyFunSuite {
  import Derivatives._

  private def transposed(dtype: DType, products: Boolean, tolerance: Double): Unit =
    for (seed <- 1L to (if (products) 15 else 25)) {
      val c = new RandomStep(seed, dtype, products).write(120)
      assert(untransposed(c, seed, tolerance) === None, s"seed $seed\n${c.program}")
    }

  test("<c, J d> = <J' c, d> for random programs in f64, spikes and histories among them") {
    transposed(DType.F64, products = false, 1e-11)
  }

  test("<c, J d> = <J' c, d> for random programs with products in f64") {
    transposed(DType.F64, products = true, 1e-11)
  }

  test("<c, J d> = <J' c, d> for random programs in f32, to its precision") {
    transposed(DType.F32, products = false, 1e-4)
    transposed(DType.F32, products = true, 1e-4)
  }

  test("a step in forward mode leaves the step's own state as it was") {
    for (seed <- 1L to 10) {
      val c = new RandomStep(seed, DType.F64, products = true).write(80)
      val forward = c.copy(program = Forward.of(c.program, Inputs.all(c.program)).program).load(Generators.everywhere(seed.toInt))
      val plain = c.load(Generators.backends.head)
      for (k <- 0 until 3) {
        Seq(forward, plain).foreach(_.run(k, 1))
        assert(c.difference(plain, forward) === None)
      }
    }
  }

  private def decay: Program = {
    val t = new Trace("decay")
    Seq("v", "w", "u").foreach(name => t.declare(Variable.of(name, Type.vector(DType.F64, 3))))
    t.store("v", t.load("v").times(t.parameter("a", DType.F64)))
    t.store("w", t.load("w").plus(t.load("v")))
    t.store("u", t.load("u").times(t.parameter("b", DType.F64)))
    t.finish()
  }

  test("tangents run along many steps: d/da a^k = k a^(k - 1)") {
    val f = Forward.of(decay, new Inputs(java.util.Set.of(), java.util.Set.of("a")))
    val e = load(f.program, Map("a" -> 0.9, "b" -> 0.5), Generators.everywhere)
    e.write("v", Array(1.0, 2, -1))
    e.write(Forward.direction("a"), Array(1.0))
    e.run(0, 10)
    val slopes = read(e, f.program.variable(Forward.dot("v")))
    slopes.zip(Seq(1, 2, -1)).foreach { case (s, v) => assert((s - v * 10 * math.pow(0.9, 9)).abs < 1e-12) }
  }

  test("only what an input reaches, after any number of steps, has a derivative") {
    val by = new Inputs(java.util.Set.of(), java.util.Set.of("a"))
    assert(Forward.of(decay, by).tangents.asScala.map(_.name) === Seq("dot.v", "dot.w"))
    assert(Forward.of(decay, by).directions.asScala.map(_.name) === Seq("dot.param.a"))
    assert(Adjoint.of(decay, by).cotangents.asScala.map(_.name) === Seq("bar.v", "bar.w"))
    val byState = new Inputs(java.util.Set.of("w"), java.util.Set.of())
    assert(Forward.of(decay, byState).tangents.asScala.map(_.name) === Seq("dot.w"))
  }

  test("an input that the step does not have, or that is an integer, is refused by name") {
    val t = new Trace("counter")
    t.declare(Variable.of("n", Type.scalar(DType.I32)))
    t.store("n", t.load("n").plus(t.parameter("by", DType.I32)))
    val p = t.finish()
    for ((variable, parameter, message) <- Seq(
        ("m", None, "counter has no float or events variable m"), ("n", None, "counter has no float or events variable n"),
        ("", Some("by"), "counter has no float parameter by"), ("", Some("q"), "counter has no float parameter q"))) {
      val by = new Inputs(Set(variable).filter(_.nonEmpty).asJava, parameter.toSet.asJava)
      assert(intercept[IllegalArgumentException](Forward.of(p, by)).getMessage === message)
      assert(intercept[IllegalArgumentException](Adjoint.of(p, by)).getMessage === message)
    }
    assert(Adjoint.of(p).cotangents.isEmpty && Adjoint.of(p).gradients.isEmpty)
  }

  test("a step that has a variable of a new name is refused by that name") {
    for (name <- Seq("dot.v", "bar.v", "dot.param.a", "bar.param.a")) {
      val t = new Trace("taken")
      Seq("v", name).foreach(v => t.declare(Variable.of(v, Type.scalar(DType.F64))))
      t.store("v", t.load("v").times(t.parameter("a", DType.F64)))
      val p = t.finish()
      val e = intercept[IllegalArgumentException](
        if (name.startsWith("dot")) Forward.of(p, Inputs.all(p)) else Adjoint.of(p))
      assert(e.getMessage === s"taken already has a variable $name; rename it")
    }
  }
}
