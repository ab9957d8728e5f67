package spindle.backend.cuda

import java.nio.file.{Files, Path}
import java.util.Optional

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite
import spindle.compile.ptx.Kernels.Shape
import spindle.ir.RandomProgram

class CodeSuite extends AnyFunSuite {
  private def ptx(name: String) =
    s".version 6.0\n.target sm_60\n.address_size 64\n.visible .entry $name(.param .u64 a)\n{\n  ret;\n}\n"

  private def inFolder(use: Path => Unit): Unit = {
    val folder = Files.createTempDirectory("cubin")
    try use(folder)
    finally Files.walk(folder).iterator.asScala.toVector.reverse.foreach(Files.delete)
  }

  private def files(folder: Path) = Files.list(folder).iterator.asScala.map(_.getFileName.toString).toVector

  private def only(folder: Path): Path = {
    assert(files(folder).size === 1)
    folder.resolve(files(folder).head)
  }

  test("machine code is kept once per text and architecture, and read again") {
    inFolder { folder =>
      val first = Code.machineCode(ptx("a"), "sm_90", folder)
      val file = only(folder)
      val time = Files.getLastModifiedTime(file)
      assert(Code.machineCode(ptx("a"), "sm_90", folder).toSeq === first.toSeq)
      assert(Files.getLastModifiedTime(file) === time)
      assert(Code.machineCode(ptx("a"), "sm_80", folder).toSeq !== first.toSeq)
      Code.machineCode(ptx("b"), "sm_90", folder)
      assert(files(folder).size === 3 && files(folder).forall(_.endsWith(".cubin")))
    }
  }

  /** A file as a full disk, a crash or a worn disk leaves it. */
  private val damages = Map[String, Array[Byte] => Array[Byte]]("empty" -> (_ => Array[Byte]()), "cut" -> (b => b.take(b.length / 2)),
    "shorter by a byte" -> (_.init), "with another bit" -> (b => b.updated(77, (b(77) ^ 4).toByte)), "nothing but zeros" -> (_.map(_ => 0)))

  for ((name, damage) <- damages) {
    test(s"a damaged file is made anew: $name") {
      inFolder { folder =>
        val first = Code.machineCode(ptx("a"), "sm_90", folder)
        val file = only(folder)
        val whole = Files.readAllBytes(file)
        Files.write(file, damage(whole))
        assert(Code.machineCode(ptx("a"), "sm_90", folder).toSeq === first.toSeq)
        assert(Files.readAllBytes(only(folder)).toSeq === whole.toSeq)
      }
    }
  }

  test("a device that the assembler knows runs kept machine code to the same bits, and after damage") {
    StandIn.unseen.foreach(cancel(_))
    val c = new RandomProgram(5, 4).write()
    for (shape <- Shape.values; texts <- StandIn.shapes(shape)) inFolder { folder =>
      // The stand-in runs the text of which it has seen the machine code.
      assert(c.difference(texts, 2) === None)
      sys.props(Code.FOLDER_PROPERTY) = folder.toString
      try StandIn.older(90) { device =>
        val backend = new CudaBackend(device, Optional.of(shape))
        for (_ <- 1 to 2) {
          assert(c.difference(backend, 2) === None, shape)
          Files.write(only(folder), Array[Byte](1, 2, 3))
        }
        assert(c.difference(backend, 2) === None, shape)
        assert(Files.size(only(folder)) > 3)
      } finally sys.props -= Code.FOLDER_PROPERTY
    }
  }

  test("the stand-in refuses machine code for another device, and of a text that it has not seen") {
    StandIn.unseen.foreach(cancel(_))
    StandIn.device
    new Driver.Context(0).use()
    inFolder { folder =>
      StandIn.older(90) { _ =>
        def refused(name: String, architecture: String) =
          intercept[CudaError](new Driver.Module(Code.machineCode(ptx(name), architecture, folder))).getMessage
        assert(refused("unseen", "sm_80").contains("machine code for sm_80, the device is sm_90"))
        assert(refused("unseen", "sm_90").contains("not loaded before"))
      }
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
