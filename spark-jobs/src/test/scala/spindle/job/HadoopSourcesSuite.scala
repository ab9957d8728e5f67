package spindle.job

import java.io.FileNotFoundException
import java.net.URI
import java.nio.file.Files

import org.scalatest.funsuite.AnyFunSuite

/** Data files by URI, as far as Hadoop is here. */
class HadoopSourcesSuite extends AnyFunSuite {
  private val sources = new HadoopSources

  test("a file is read by its URI, and a missing one is named") {
    val file = Files.createTempFile("spindle", ".bin")
    try {
      Files.write(file, "abc".getBytes)
      val source = sources.source(file.toUri).get
      assert(source.name === file.toUri.toString)
      assert(new String(source.open().readAllBytes()) === "abc")
    } finally Files.delete(file)
    val gone = sources.source(file.toUri).get
    assert(intercept[FileNotFoundException](gone.open()).getMessage.contains(file.getFileName.toString))
  }

  test("hdfs is known, a scheme that nobody knows is left to others") {
    assert(sources.source(new URI("hdfs://host/x")).isPresent)
    assert(sources.source(new URI("gopher://host/x")).isEmpty)
  }

  test("a scheme whose classes are missing is refused, with where to add them") {
    val e = intercept[IllegalArgumentException](sources.source(new URI("abfs://container@account/x")))
    assert(e.getMessage.startsWith("abfs://container@account/x: Hadoop has no classes for abfs: here") && e.getMessage.contains("by --packages"))
  }

  test("what cannot be reached is named, with the reason, in one line") {
    def reason(folder: String): String =
      intercept[Exception](spindle.train.data.Sources.in(folder, "train")).getMessage
    val nobody = reason("hdfs://no.such.host.invalid:9000/x")
    assert(nobody.startsWith("hdfs://no.such.host.invalid:9000/x/train: cannot be opened") && nobody.contains("no.such.host.invalid)"), nobody)
    assert(!nobody.contains("\n"))
    assert(reason("hdfs://host/a b") === "hdfs://host/a b/train: this is no URI: illegal character in path at character 14; write a space as %20")
  }

  test("schemes may be written in capitals") {
    val file = Files.createTempFile("spindle", ".bin")
    try {
      Files.write(file, "abc".getBytes)
      assert(new String(spindle.train.data.Sources.at(s"FILE:$file").open().readAllBytes()) === "abc")
    } finally Files.delete(file)
    assert(spindle.train.data.Sources.at("HDFS://host/x").name === "hdfs://host/x")
  }
}
