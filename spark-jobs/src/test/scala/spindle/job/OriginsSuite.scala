package spindle.job

import java.nio.file.{Files, Path}
import java.util.{Comparator, Optional}
import org.scalatest.Assertion
import org.scalatest.funsuite.AnyFunSuite
import scala.util.Using

class OriginsSuite extends AnyFunSuite {
  private def git(folder: Path, words: String*): String = {
    val command = Seq("git", "-C", folder.toString, "-c", "user.name=a", "-c", "user.email=a@b") ++ words
    val process = new ProcessBuilder(command: _*).redirectErrorStream(true).start()
    val text = new String(process.getInputStream.readAllBytes)
    assert(process.waitFor() === 0, text)
    text.strip
  }

  private def find(config: Path) = Origins.find(Optional.of(config))

  test("the commit is that of the repository of the sweep file, wherever the command was called") {
    // Other folders of tests lie below target/, in this repository.
    val folder = Files.createTempDirectory(Path.of("/tmp"), "spindle-origin")
    try follow(folder)
    finally Using.resource(Files.walk(folder))(_.sorted(Comparator.reverseOrder[Path]()).forEach(f => Files.delete(f)))
  }

  private def follow(folder: Path): Assertion = {
    val config = Files.writeString(folder.resolve("a.yaml"), "sweep: a")
    assert(find(config).gitCommit === "" && !find(config).gitDirty, "no repository")
    git(folder, "init", "-q")
    git(folder, "add", "a.yaml")
    git(folder, "commit", "-qm", "one")
    assert(find(config).gitCommit === git(folder, "rev-parse", "HEAD"))
    assert(!find(config).gitDirty && find(config).gitDiff === "")
    assert(find(Files.writeString(folder.resolve("b.yaml"), "sweep: b")).gitDirty, "it is not in the commit")
    Files.writeString(config, "sweep: c")
    assert(find(config).gitDirty && find(config).gitDiff.length === 64)
    assert(Origins.find(Optional.empty[Path]).gitCommit === "")
  }
}
