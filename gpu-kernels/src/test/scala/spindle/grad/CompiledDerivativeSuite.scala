package spindle.grad

import scala.jdk.CollectionConverters._
import scala.util.Random

import org.scalatest.funsuite.AnyFunSuite
import spindle.ir._

/** Derivatives are programs like any other: every backend runs them to the same bits. */
@spindle.Gpu
class CompiledDerivativeSuite extends AnyFunSuite {
  import Derivatives._

  /** The derivative of a step, with numbers in all its state. */
  private def filled(c: Case, p: Program): Case = {
    val random = new Random(p.equations.size)
    val rest = floats(p).filterNot(v => c.initial.contains(v.name)).map { v =>
      v.name -> Array.fill(v.`type`.size)(random.nextGaussian().toFloat.toDouble)
    }
    Case(p, c.arguments, c.initial.filter { case (name, _) => p.variables.asScala.exists(_.name == name) } ++ rest)
  }

  private def equal(derivative: Program => Program): Unit =
    for (dtype <- Seq(DType.F32, DType.F64); seed <- 1L to 4; backend <- Generators.others) {
      val c = new RandomStep(seed, dtype, products = false).write(60)
      val d = filled(c, derivative(c.program))
      assert(d.difference(backend, 3) === None, s"seed $seed\n${d.program}")
    }

  test("compiled adjoints of random programs are equal to interpreted ones, bit for bit") {
    equal(p => Adjoint.of(p).program)
  }

  test("compiled forward modes of random programs are equal to interpreted ones, bit for bit") {
    equal(p => Forward.of(p, Inputs.all(p)).program)
  }
}
