package spindle.ir

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite
import org.scalatestplus.scalacheck.ScalaCheckPropertyChecks

class LowerSuite extends AnyFunSuite with ScalaCheckPropertyChecks {
  private def places(p: Program): Set[Int] =
    (p.equations.asScala.flatMap(_.args.asScala) ++ p.updates.asScala.map(_.value: Integer)).map(_.intValue).toSet

  test("lowering twice changes nothing, on random programs") {
    forAll(Generators.seeds, minSuccessful(50)) { seed =>
      val once = Lower.of(new RandomProgram(seed, 20).write().program)
      assert(Lower.of(once) === once)
      assert(Lower.of(once).hash === once.hash)
    }
  }

  test("a lowered program is well formed, has no lowered operation and no dead equation") {
    forAll(Generators.seeds, minSuccessful(50)) { seed =>
      val p = Lower.of(new RandomProgram(seed, 20).write().program)
      Check.program(p)
      assert(p.equations.asScala.forall(e => !e.op.isLowered))
      assert(p.rows.asScala.forall(_.body.equations.asScala.forall(e => !e.op.isLowered)))
      assert(p.equations.asScala.indices.forall(places(p)))
    }
  }

  test("what only a gradient needs is dropped: a proxy becomes its first operand") {
    val trace = new Trace("surrogate")
    trace.declare(Variable.of("x", Type.vector(DType.F32, 4)))
    val x = trace.load("x")
    val sharp = x.heaviside
    trace.store("x", trace.apply(Op.PROXY, sharp, x.apply(Op.TANH)).apply(Op.STOP))
    assert(Lower.of(trace.finish()).equations.asScala.map(_.op) === Seq(Op.LOAD, Op.HEAVISIDE))
  }

  test("variables, their order and their history stay") {
    forAll(Generators.seeds, minSuccessful(10)) { seed =>
      val p = new RandomProgram(seed, 10).write().program
      val lowered = Lower.of(p)
      assert(lowered.variables === p.variables)
      assert(lowered.updates.asScala.map(_.variable) === p.updates.asScala.map(_.variable))
      assert(lowered.parameters.entrySet.asScala.subsetOf(p.parameters.entrySet.asScala))
    }
  }
}
