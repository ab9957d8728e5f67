package spindle.backend.cpu

import org.scalatest.funsuite.AnyFunSuite
import spindle.backend.Backend
import spindle.backend.reference.ReferenceBackend
import spindle.ir._

/** Single operations, run until the JIT compiler has replaced them by its own vector code. */
class CompiledOpSuite extends AnyFunSuite {
  private val operators = Op.values.toVector.filter(_.isElementwise)

  private def hot(backend: Backend, op: Op): Unit = {
    val c = SpecialNumbers.program(op)
    val expected = c.load(new ReferenceBackend)
    expected.run(0, 1)
    val actual = c.load(backend)
    actual.run(0, 1)
    assert(c.difference(expected, actual) === None, s"$op on ${backend.device}, first run")
    actual.run(1, 300)
    assert(c.difference(expected, actual) === None, s"$op on ${backend.device}, when hot")
  }

  for (op <- operators) {
    test(s"$op on special numbers keeps its bits in hot loops") {
      Generators.compiled.foreach(hot(_, op))
    }
  }
}
