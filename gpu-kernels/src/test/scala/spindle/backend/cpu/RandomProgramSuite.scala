package spindle.backend.cpu

import scala.collection.mutable
import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite
import org.scalatestplus.scalacheck.ScalaCheckPropertyChecks
import spindle.compile.{Jvm, Mode, Schedule, Stage}
import spindle.ir._

/** The interpreter is the definition: compiled programs equal it in every bit. */
class RandomProgramSuite extends AnyFunSuite with ScalaCheckPropertyChecks {
  private val steps = 4

  private def agree(seed: Long, size: Int): Unit = {
    val c = new RandomProgram(seed, size).write()
    Generators.others.foreach { backend =>
      c.difference(backend, steps).foreach(d => fail(s"seed $seed, size $size: $d\n${c.program}"))
    }
  }

  test("short programs equal the interpreter bit for bit, on every backend") {
    forAll(Generators.seeds, minSuccessful(30))(agree(_, 6))
  }

  test("long programs equal the interpreter bit for bit, on every backend") {
    forAll(Generators.seeds, minSuccessful(10))(agree(_, 40))
  }

  test("random programs use every operation, and vector loops where they may") {
    val seen = mutable.Set.empty[Op]
    var vectors = 0
    (0L until 60L).foreach { seed =>
      val program = new RandomProgram(seed, 20).write().program
      program.equations.forEach(e => seen += e.op)
      vectors += Schedule.of(Lower.of(program), Mode.VECTOR).stages.asScala.count {
        case s: Stage.Loops => s.mode == Mode.VECTOR
        case _ => false
      }
    }
    assert(Op.values.toSet -- seen === Set.empty)
    assert(vectors > 20)
    assert(Generators.compiled.size === (if (Jvm.hasVectors) 2 else 1))
  }
}
