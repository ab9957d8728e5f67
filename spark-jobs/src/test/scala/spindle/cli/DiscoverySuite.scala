package spindle.cli

import java.nio.file.{Files, Path}
import java.nio.file.attribute.PosixFilePermissions

import scala.sys.process._

import org.scalatest.funsuite.AnyFunSuite

/** The script that tells Spark of GPUs, with an nvidia-smi of ours in the only folder of its PATH. */
class DiscoverySuite extends AnyFunSuite {
  private val script = Path.of(sys.props("spindle.root")).resolve("spark-jobs/bin/gpus").toAbsolutePath.toString

  /** Exit code, what it prints, what it complains of. */
  private def discover(smi: Option[String]): (Int, String, String) = {
    val folder = Files.createTempDirectory("discovery")
    for (text <- smi) {
      val file = Files.writeString(folder.resolve("nvidia-smi"), "#!/bin/sh\n" + text + "\n")
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"))
    }
    val (out, err) = (new StringBuilder, new StringBuilder)
    val code = Process(Seq(script), None, "PATH" -> folder.toString).!(ProcessLogger(out ++= _, err ++= _))
    (code, out.toString, err.toString)
  }

  test("devices are told by their UUIDs, whatever else nvidia-smi says") {
    val two = discover(Some("echo 'Warning: persistence mode is off'; echo GPU-0a-1; echo MIG-2b"))
    assert(two === ((0, """{"name": "gpu", "addresses": ["GPU-0a-1","MIG-2b"]}""", "")))
    assert(discover(Some("echo GPU-0a-1"))._2 === """{"name": "gpu", "addresses": ["GPU-0a-1"]}""")
  }

  test("an nvidia-smi that fails is no device, but an error") {
    assert(discover(Some("echo 'Failed to initialize NVML'; exit 9")) ===
      ((1, "", "gpus: nvidia-smi lists no GPU (exit code 9): Failed to initialize NVML")))
    assert(discover(Some("echo GPU-0a-1; exit 15")) ===
      ((1, "", "gpus: nvidia-smi lists no GPU (exit code 15): GPU-0a-1")), "a list that may be cut")
    assert(discover(Some("echo 'GPU-0a-1 is lost'"))._1 === 1)
    assert(discover(Some("true")) === ((1, "", "gpus: nvidia-smi lists no GPU (exit code 0): nothing said")))
  }

  test("a machine without nvidia-smi has no GPU") {
    assert(discover(None) === ((0, """{"name": "gpu", "addresses": []}""", "")))
  }
}
