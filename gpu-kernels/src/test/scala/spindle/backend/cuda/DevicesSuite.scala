package spindle.backend.cuda

import java.nio.file.{Files, Path, Paths}

import scala.jdk.CollectionConverters._
import scala.sys.process._

import org.scalatest.funsuite.AnyFunSuite

/** What a process of its own finds, under several drivers. */
class DevicesSuite extends AnyFunSuite {
  private def probe(driver: String, environment: (String, String)*): Seq[String] = {
    val java = Paths.get(sys.props("java.home"), "bin", "java").toString
    val command = Seq(java, "-Xshare:auto", "-cp", sys.props("java.class.path"), "spindle.backend.cuda.DevicesMain", driver)
    Process(command, None, environment: _*).lazyLines_!(ProcessLogger(_ => ())).toVector
  }

  private def standIn: String = {
    StandIn.missing.foreach(cancel(_))
    StandIn.library.toString
  }

  test("without a driver the reason is one line") {
    val found = probe("")
    if (found.headOption.exists(_.startsWith("device"))) cancel("this machine has a GPU")
    assert(found === Seq("missing no NVIDIA driver: libcuda.so.1 cannot be loaded", "again the same"))
  }

  test("a driver without a device says so") {
    val found = probe(standIn, "SPINDLE_STANDIN_DEVICES" -> "0")
    assert(found.head.startsWith("missing the NVIDIA driver finds no usable GPU (cuInit: CUDA error 100"), found)
  }

  test("a driver that is too old is refused before a symbol that it lacks can end the process") {
    val found = probe(standIn, "SPINDLE_STANDIN_VERSION" -> "11080")
    assert(found.head === "missing the NVIDIA driver supports CUDA 11.8, 12.0 or newer is needed (driver 525)")
  }

  test("a device is described, and every symbol that JCuda binds is answered") {
    val found = probe(standIn, "LD_BIND_NOW" -> "1")
    assert(found.head === "device cuda:0 stand-in, compute capability 12.0, driver for CUDA 12.6")
    val defined = Elf.defined(Files.readAllBytes(Path.of(standIn))).toSet
    assert(StandIn.symbols.size === 312 && StandIn.symbols.forall(defined))
  }

  test("native libraries lie in a folder of the process, which is gone after it") {
    val before = folders
    val found = probe(standIn)
    assert(found.head.startsWith("device"))
    assert((folders -- before).isEmpty)
  }

  private def folders: Set[String] =
    Files.list(Paths.get(sys.props("java.io.tmpdir"))).iterator.asScala.map(_.getFileName.toString)
      .filter(_.startsWith("spindle-natives-")).toSet
}

object DevicesMain {
  def main(args: Array[String]): Unit = {
    if (args(0).nonEmpty) System.load(args(0))
    val first = Devices.missing
    Devices.all.forEach(d => println(s"device $d"))
    if (first.nonEmpty) println(s"missing $first")
    if (Devices.missing == first) println("again the same")
  }
}
