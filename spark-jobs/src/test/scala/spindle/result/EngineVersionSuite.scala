package spindle.result

import java.nio.file.Files
import java.util.jar.{Attributes, JarOutputStream, Manifest}
import org.scalatest.funsuite.AnyFunSuite

class EngineVersionSuite extends AnyFunSuite {
  private def jar(attributes: (String, String)*) = {
    val manifest = new Manifest
    manifest.getMainAttributes.put(Attributes.Name.MANIFEST_VERSION, "1.0")
    attributes.foreach { case (k, v) => manifest.getMainAttributes.putValue(k, v) }
    val file = Files.createTempFile("spindle", ".jar")
    new JarOutputStream(Files.newOutputStream(file), manifest).close()
    file
  }

  test("the commit of the build is read from the manifest, empty where there is none") {
    assert(EngineVersion.commit(jar("Build-Commit" -> "abc123")) === "abc123")
    assert(EngineVersion.commit(jar("Build-Commit" -> "")) === "")
    assert(EngineVersion.commit(jar()) === "")
    assert(EngineVersion.commit() === "" && EngineVersion.current() === "dev", "tests run from folders")
  }
}
