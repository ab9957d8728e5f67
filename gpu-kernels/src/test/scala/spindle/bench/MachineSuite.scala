package spindle.bench

import java.time.Instant

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

/** Every line of every benchmark says where and when it was measured, and what the process took. */
class MachineSuite extends AnyFunSuite {
  private def stamped = Machine.stamped(java.util.Map.of("name", "some")).asScala

  test("a line keeps what it has and gains machine, date and load") {
    val before = Instant.now.minusSeconds(1)
    val line = stamped
    assert(line("name") === "some" && line("cpu").asInstanceOf[String].nonEmpty)
    val date = Instant.parse(line("date").asInstanceOf[String])
    assert(date.isAfter(before) && !date.isAfter(Instant.now))
    assert(line.get("load1").forall(_.asInstanceOf[Double] >= 0))
  }

  test("the peak is of the whole process, and begins again") {
    assume(Machine.resident("VmHWM") > 0, "the system tells no peak")
    val (many, most) = (400000000L, 300000000L) // the JVM itself may grow meanwhile, but not by as much
    val before = Machine.resident("VmRSS")
    val memory = unsafe.allocateMemory(many) // unlike objects, goes back to the system when it is freed
    unsafe.setMemory(memory, many, 1.toByte)
    val peak = stamped("peak_bytes").asInstanceOf[Long]
    assert(peak > before + most && Machine.resident("no such entry") === 0)
    unsafe.freeMemory(memory)
    Machine.forgetPeak()
    assert(Machine.resident("VmHWM") < peak - most)
  }

  private lazy val unsafe: sun.misc.Unsafe = {
    val field = classOf[sun.misc.Unsafe].getDeclaredField("theUnsafe")
    field.setAccessible(true)
    field.get(null).asInstanceOf[sun.misc.Unsafe]
  }
}
