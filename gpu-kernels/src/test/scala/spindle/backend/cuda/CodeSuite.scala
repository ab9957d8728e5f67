package spindle.backend.cuda

import java.nio.file.{Files, Path}

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

class CodeSuite extends AnyFunSuite {
  private def ptx(name: String) =
    s".version 6.0\n.target sm_60\n.address_size 64\n.visible .entry $name(.param .u64 a)\n{\n  ret;\n}\n"

  private def inFolder(use: Path => Unit): Unit = {
    val folder = Files.createTempDirectory("cubin")
    try use(folder)
    finally Files.walk(folder).iterator.asScala.toVector.reverse.foreach(Files.delete)
  }

  private def files(folder: Path) = Files.list(folder).iterator.asScala.map(_.getFileName.toString).toVector

  test("machine code is kept once per text and architecture, and read again") {
    inFolder { folder =>
      val first = Code.machineCode(ptx("a"), "sm_90", folder)
      assert(files(folder).size === 1)
      // What is read is the file, not the assembler's work.
      Files.write(folder.resolve(files(folder).head), Array[Byte](1, 2, 3))
      assert(Code.machineCode(ptx("a"), "sm_90", folder).toSeq === Seq(1, 2, 3))
      assert(Code.machineCode(ptx("a"), "sm_80", folder).toSeq !== first.toSeq)
      Code.machineCode(ptx("b"), "sm_90", folder)
      assert(files(folder).size === 3 && files(folder).forall(_.endsWith(".cubin")))
    }
  }

  test("a folder that cannot be made costs no result") {
    inFolder { folder =>
      val file = Files.createFile(folder.resolve("file"))
      assert(Code.machineCode(ptx("a"), "sm_70", file.resolve("below")).nonEmpty)
    }
  }

  test("a device that is younger than the assembler gets the text") {
    val young = new Device(0, "GPU-0", "young", 13000, 120, 1024, 100, 1 << 17, 1L << 30)
    assert(new String(Code.image(ptx("a"), young)) === ptx("a") + "\u0000")
  }
}
