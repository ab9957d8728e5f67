package spindle.compile

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite
import spindle.connect.Bernoulli
import spindle.ir._

class ScheduleSuite extends AnyFunSuite {

  /** g = halved g, where wanted, plus the spikes s of the last step through a connectivity; s stays. */
  private def program(neurons: Int, targets: Int, leaky: Boolean): Program = {
    val trace = new Trace("delivery")
    trace.declare(Variable.of("g", Type.vector(DType.F32, targets)))
    trace.declare(Variable.of("s", Type.vector(DType.EVENTS, neurons)))
    val rows = new Bernoulli(neurons, targets, 0.1).rows("rows", Rows.Storage.AUTO)
    val sum = trace.propagate(trace.load("s"), rows, DType.F32)
    trace.store("g", if (leaky) trace.load("g").times(0.5).plus(sum) else sum)
    Lower.of(trace.finish())
  }

  private def copies(p: Program, mode: Mode): Int =
    Schedule.of(p, mode).stages.asScala.count(_.isInstanceOf[Stage.Copy])

  test("a product is written where it stays, unless the old value is read after it begins") {
    for (mode <- Seq(Mode.PLAIN, Mode.FUSED, Mode.THREADS)) assert(copies(program(50, 40, leaky = false), mode) === 0)
    val trace = new Trace("twice")
    trace.declare(Variable.of("g", Type.vector(DType.F32, 40)))
    trace.declare(Variable.of("h", Type.vector(DType.F32, 40)))
    trace.declare(Variable.of("s", Type.vector(DType.EVENTS, 50)))
    val rows = new Bernoulli(50, 40, 0.1).rows("rows", Rows.Storage.AUTO)
    trace.store("g", trace.propagate(trace.load("s"), rows, DType.F32))
    trace.store("h", trace.load("g").times(2))
    assert(copies(Lower.of(trace.finish()), Mode.PLAIN) === 1)
  }

  test("vector loops count spikes in 16 bits, however many neurons there are; threads in whole numbers that float32 tells apart") {
    assume(Jvm.hasVectors, "no vectors on this Java")
    def counts(neurons: Int, mode: Mode, rows: String*) =
      Schedule.of(program(neurons, 64, leaky = true), mode, rows.toSet.asJava).layout.hasCounts
    for (neurons <- Seq(100, 100000, 10000000)) {
      assert(counts(neurons, Mode.VECTOR, "rows"))
      assert(!counts(neurons, Mode.VECTOR))
      assert(!counts(neurons, Mode.PLAIN, "rows"))
      assert(counts(neurons, Mode.THREADS, "rows") === neurons < (1 << 23))
    }
  }
}
