package spindle.backend.cuda

import java.{util => ju}

import scala.util.Random

import org.scalatest.funsuite.AnyFunSuite
import spindle.backend.{Arguments, Backend, Executable}
import spindle.backend.reference.ReferenceBackend
import spindle.compile.ptx.Kernels.Shape
import spindle.connect._
import spindle.ir._

/** Lists of events may be made in any order of threads: whoever needs an order, or a place in a list, has it. */
@spindle.Gpu
class EventOrderSuite extends AnyFunSuite {
  private val post = 50

  /** Events kept in some variables, of which the first is delivered a step later, whole or from the middle on. */
  private def program(n: Int, keeps: Int, part: Boolean, law: Connectivity, storage: Rows.Storage): Program = {
    val t = new Trace("kept")
    t.declare(Variable.of("x", Type.vector(DType.F32, n)))
    t.declare(Variable.of("g", Type.vector(DType.F32, post)))
    val variables = (0 until keeps).map(k => s"s$k")
    variables.foreach(v => t.declare(Variable.of(v, Type.vector(DType.EVENTS, n))))
    val before = t.load("s0", 1)
    val delivered = if (part) t.slice(before, n / 2, n) else before
    t.store("g", t.load("g").times(0.5).plus(t.propagate(delivered, law.rows("rows", storage), DType.F32)))
    val events = t.collect(t.load("x"))
    variables.foreach(t.store(_, events))
    t.finish()
  }

  private def states(p: Program, law: Connectivity, n: Int, keeps: Int, backend: Backend): Seq[Seq[Double]] = {
    val random = new Random(n)
    val e: Executable = backend.load(p, new Arguments(law.arguments("rows", 3), ju.Set.of()))
    try
      (0 until 4).flatMap { step =>
        e.write("x", Array.fill(n)(if (random.nextInt(5) == 0) 1.0 else 0.0))
        e.run(step, 1)
        (("g", post) +: (0 until keeps).map(k => (s"s$k", n))).map { case (v, length) =>
          val out = new Array[Double](length)
          e.read(v, Array.range(0, length), out)
          out.toSeq
        }
      }
    finally e.close()
  }

  private def check(n: Int, keeps: Int, part: Boolean, weighted: Boolean, storage: Rows.Storage): Unit = {
    StandIn.missing.foreach(cancel(_))
    val sparse = new Bernoulli(if (part) n - n / 2 else n, post, math.min(1, 20.0 / n))
    val law = if (weighted) new Weighted(sparse, Weighted.Law.NORMAL, 0, 1) else sparse
    val p = program(n, keeps, part, law, storage)
    val expected = states(p, law, n, keeps, new ReferenceBackend)
    assert(expected.flatten.exists(_ != 0))
    for ((backend, k) <- StandIn.shapes(Shape.values.toIndexedSeq: _*).zipWithIndex) {
      StandIn.seed(n + k)
      assert(states(p, law, n, keeps, backend) === expected, s"${backend.device}, $n neurons")
    }
  }

  for (keeps <- Seq(1, 2); part <- Seq(false, true); weighted <- Seq(false, true); storage <- Seq(Rows.Storage.STORED, Rows.Storage.REGENERATED))
    test(s"${if (weighted) "weights" else "ones"} of events kept $keeps times, ${if (part) "a part" else "all"} of them, ${storage.toString.toLowerCase}") {
      for (n <- Seq(31, 64, 300)) check(n, keeps, part, weighted, storage)
    }

  for (n <- Seq(65536, 65537))
    test(s"indices of $n neurons") {
      check(n, 1, part = true, weighted = false, Rows.Storage.STORED)
    }
}
