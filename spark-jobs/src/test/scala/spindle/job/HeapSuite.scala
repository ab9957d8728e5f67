package spindle.job

import org.scalatest.funsuite.AnyFunSuite
import spindle.result.Failure

class HeapSuite extends AnyFunSuite {
  private val gib = 1L << 30

  test("trials that do not fit are told with what they need and what to do, others are not") {
    assert(Heap.warning(2.0 * gib, 2, 4 * gib).isEmpty)
    val rest = "raise it (SPINDLE_JAVA_OPTS=-Xmx%dg; on a cluster spark.executor.memory), " +
      "run fewer at a time (--master local[1]) or make the trials smaller"
    assert(Heap.warning(3.0 * gib, 2, 4 * gib).get ===
      "2 trials at a time need up to 6.0 GiB, the heap has 4.0 GiB: " + rest.format(8))
    assert(Heap.warning(5.0 * gib, 1, 4 * gib).get === "the largest trial needs 5.0 GiB, the heap has 4.0 GiB: " + rest.format(6))
  }

  test("a trial that ran out of memory says what to do") {
    val failure = Failures.of(new OutOfMemoryError("Java heap space"))
    assert(failure.kind === Failure.Kind.OOM_HOST)
    assert(failure.message.matches("OutOfMemoryError: Java heap space; the heap has .* GiB: raise it .SPINDLE_JAVA_OPTS=.*"))
  }
}
