package spindle.cli

import java.nio.file.Path

import scala.sys.process._

import org.scalatest.Assertions.cancel
import org.scalatest.Suite

/** Processes that find the stand-in where NVIDIA's driver would be. */
trait GpuProcesses extends Processes { this: Suite =>
  /** Where the stand-in is, or why it is not. */
  lazy val library: Either[String, Path] = {
    val home = Path.of(sys.props("spindle.root"))
    val place = home.resolve("spark-jobs/target/native/libcuda.so.1").toAbsolutePath
    val said = new StringBuilder
    val build = Seq(home.resolve("gpu-kernels/src/test/native/build").toString, place.toString)
    val code = build.!(ProcessLogger(line => said ++= line += ' '))
    Either.cond(code == 0, place, s"no stand-in driver: $said")
  }

  override def environment: Seq[(String, String)] =
    Seq("LD_LIBRARY_PATH" -> library.fold(cancel(_), _.getParent.toString))
}
