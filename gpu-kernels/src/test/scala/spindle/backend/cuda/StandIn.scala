package spindle.backend.cuda

import java.nio.file.{Files, Path, Paths}
import java.util.Optional
import java.util.jar.JarFile

import scala.jdk.CollectionConverters._
import scala.jdk.OptionConverters._
import scala.sys.process._
import scala.util.Try

import jcuda.driver.JCudaDriver
import spindle.compile.ptx.Kernels.Shape
import spindle.ir.Sha256

/**
 * The stand-in for the NVIDIA driver: built from src/test/native where there is a C++ compiler, and
 * loaded before JCuda looks for the real one.
 */
object StandIn {
  private val root = Paths.get(sys.props("spindle.root"), "gpu-kernels")
  private val sources = root.resolve("src/test/native")

  /** Whether suites run on a GPU with its own driver instead, as a system property asks for. */
  val isReal: Boolean = sys.props.contains("spindle.cuda.real")

  /** Why there is no driver to run on, or nothing. */
  lazy val missing: Option[String] =
    if (isReal) Some(Devices.missing).filter(_.nonEmpty)
    else Try(load()).fold(e => Some(s"no stand-in driver: ${e.getMessage}"), _ => None)

  /** Why what only the stand-in shows is not shown, or nothing. */
  def unseen: Option[String] = if (isReal) Some("only the stand-in driver shows it") else missing

  /** Its only device, where there is one. */
  lazy val device: Option[Device] = missing match {
    case None => Some(Devices.all.asScala.headOption.getOrElse(sys.error(Devices.missing)))
    case _ => None
  }

  /** CUDA as it comes, or in the shape that a system property names; nothing where there is no stand-in. */
  lazy val backends: Vector[CudaBackend] =
    device.toVector.map(new CudaBackend(_, sys.props.get("spindle.cuda.shape").map(Shape.valueOf).toJava))

  def shapes(shapes: Shape*): Vector[CudaBackend] =
    for (d <- device.toVector; shape <- shapes) yield new CudaBackend(d, Optional.of(shape))

  /** Orders threads by another seed; this and the others are understood by driver.cpp. */
  def seed(seed: Int): Unit = if (!isReal) knob(9001, seed.toLong)

  /** Drops every barrier (1) or guard (2) of the kernels, makes barriers of clusters such of blocks (3), or nothing (0). */
  def plant(fault: Int): Unit = knob(9002, fault.toLong)

  /** What is done on a device of a compute capability that the assembler knows, as in 90: it is given machine code. */
  def older[A](capability: Int)(body: Device => A): A = {
    knob(9006, capability.toLong)
    try body(Device.of(0, 12060))
    finally knob(9006, 120)
  }

  /** Bounds what can be allocated. */
  def freeBytes(bytes: Long): Unit = knob(9003, bytes)

  /** Copies to and from the device so far. */
  def copies: (Long, Long) = (count(9011), count(9012))

  private def count(number: Int): Long = {
    val value = new Array[Long](1)
    require(JCudaDriver.cuCtxGetLimit(value, number) == 0)
    value(0)
  }

  /** Leaves so much room beside what is allocated now; {@code freeBytes(1L << 30)} takes it back. */
  def room(bytes: Long): Unit = {
    freeBytes(1L << 30)
    freeBytes((1L << 30) - Driver.freeBytes + bytes)
  }

  /** Has launches fail with a code while a number stands in device memory, 0 for none; 700 takes the context with it. */
  def poison(number: Double, code: Int): Unit = {
    knob(9005, code.toLong)
    knob(9004, java.lang.Double.doubleToRawLongBits(number))
  }

  private def knob(number: Int, value: Long): Unit = {
    assert(unseen.isEmpty)
    require(JCudaDriver.cuCtxSetLimit(number, value) == 0)
  }

  private def load(): Unit = System.load(library.toString)

  /** The library, built if its sources have changed. */
  lazy val library: Path = {
    val files = Files.list(sources).iterator.asScala.toVector.sortBy(_.toString)
    val key = Sha256.hex(files.map(Files.readString(_)).mkString + symbols.mkString).take(16)
    val folder = root.resolve(s"target/native/$key")
    val library = folder.resolve("libcuda.so.1")
    if (!Files.exists(library)) build(folder, library)
    library
  }

  private def build(folder: Path, library: Path): Unit = {
    Files.createDirectories(folder)
    val stubs = folder.resolve("stubs.cpp")
    Files.writeString(stubs, symbols.map(s =>
      s"""extern "C" __attribute__((weak, visibility("default"))) int $s() { return 801; }\n""").mkString)
    val said = new StringBuilder
    val code = Seq(sources.resolve("build").toString, library.toString, stubs.toString).!(ProcessLogger(line => said ++= line += '\n'))
    if (code != 0) sys.error(said.toString.strip)
  }

  /** Symbols of the driver that JCuda's native library binds. */
  lazy val symbols: Vector[String] = {
    val natives = sys.props("java.class.path").split(':').find(_.contains("jcuda-natives-")).getOrElse(sys.error("no JCuda"))
    val jar = new JarFile(natives)
    try {
      val entry = jar.entries.asScala.find(_.getName.contains("JCudaDriver")).get
      Elf.undefined(jar.getInputStream(entry).readAllBytes()).filter(_.matches("cu[A-Z].*")).sorted
    } finally jar.close()
  }
}
