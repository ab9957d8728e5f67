package spindle.result

import java.nio.file.Files
import org.scalatest.funsuite.AnyFunSuite

class RootSuite extends AnyFunSuite {
  private def refusal(root: String, sweep: String = "a"): String =
    intercept[StorageException](Root.open(root, sweep)).getMessage

  test("a path and a file: address name the same folder") {
    val folder = Files.createTempDirectory("spindle-root")
    assert(Root.path(folder.toString) === folder)
    assert(Root.path(folder.toUri.toString) === folder)
    assert(Root.open(folder.toString, "a").sweep === folder.resolve("a"))
  }

  test("a root that is a file, below a file, or of another scheme is refused in words") {
    val file = Files.createTempFile("spindle", "root")
    assert(refusal(file.toString).contains("choose another folder with --root"))
    assert(refusal(file.resolve("x").toString).contains("cannot write results to"))
    assert(refusal("s3a://bucket/sweeps").contains("no exclusive create for s3a:"))
  }

  test("a root that may not be written is refused in words") {
    assert(
      refusal("/proc/spindle") ===
        "cannot write results to /proc/spindle/a: nothing can be created in /proc (file system proc); choose another folder with --root"
    )
  }

  test("a sweep name cannot leave the root or hide from readers") {
    for (name <- Seq("../up", "a/b", "_runs", ".hidden", ""))
      assert(refusal("/tmp", name).startsWith(s"""sweep "$name""""))
  }

  test("recordings that will not fit are refused before anything runs") {
    val layout = Root.open(Files.createTempDirectory("spindle-root").toString, "a")
    val e = intercept[StorageException](Root.demandSpace(layout, 1e18))
    assert(e.getMessage.contains("predicted to take 1.00e+09 GB"))
  }
}
