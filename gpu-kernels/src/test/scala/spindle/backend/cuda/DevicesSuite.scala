package spindle.backend.cuda

import java.io.{BufferedReader, InputStreamReader}
import java.nio.file.{Files, Path, Paths}

import scala.jdk.CollectionConverters._
import scala.sys.process._

import org.scalatest.funsuite.AnyFunSuite
import spindle.ir.Generators

/** What a process of its own finds, under several drivers. */
class DevicesSuite extends AnyFunSuite {
  private val temporary = Files.createTempDirectory("devices")

  private def command(arguments: String*): Seq[String] =
    Seq(Paths.get(sys.props("java.home"), "bin", "java").toString, "-Xshare:auto", s"-Djava.io.tmpdir=$temporary", "-cp",
      sys.props("java.class.path"), "spindle.backend.cuda.DevicesMain") ++ arguments

  private def probe(driver: String, environment: (String, String)*): Seq[String] =
    Process(command(driver), None, environment: _*).lazyLines_!(ProcessLogger(_ => ())).toVector

  private def standIn: String = {
    StandIn.missing.foreach(cancel(_))
    StandIn.library.toString
  }

  test("CUDA is among the backends that every suite compares") {
    StandIn.missing.foreach(cancel(_)) // where this is skipped, those suites compare the others only
    assert(Generators.others.map(_.name).distinct === Vector("cpu", "cuda"))
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
    assert(probe(standIn).head.startsWith("device"))
    assert(folders === Set.empty)
  }

  test("a process that was halted leaves its folder to the next, which spares those of the living") {
    val living = new java.lang.ProcessBuilder(command(standIn, "wait").asJava).start()
    try {
      assert(new BufferedReader(new InputStreamReader(living.getInputStream)).readLine.startsWith("device"))
      val Seq(its) = folders.toSeq
      assert(Process(command(standIn, "halt")).!(ProcessLogger(_ => ())) === 7)
      assert(folders.size === 2)
      assert(probe(standIn).head.startsWith("device"))
      assert(folders === Set(its))
    } finally living.destroyForcibly().waitFor()
    probe(standIn)
    assert(folders === Set.empty)
  }

  private def folders: Set[String] =
    Files.list(temporary).iterator.asScala.map(_.getFileName.toString).filter(_.startsWith("spindle-natives-")).toSet
}

object DevicesMain {
  def main(args: Array[String]): Unit = {
    if (args(0).nonEmpty) System.load(args(0))
    val first = Devices.missing
    Devices.all.forEach(d => println(s"device $d"))
    if (first.nonEmpty) println(s"missing $first")
    if (Devices.missing == first) println("again the same")
    args.lift(1).foreach {
      case "halt" => Runtime.getRuntime.halt(7)
      case "wait" => Thread.sleep(60000)
    }
  }
}
