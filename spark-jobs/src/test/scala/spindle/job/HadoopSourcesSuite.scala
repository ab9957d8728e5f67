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

  test("a scheme whose classes are missing is refused with the module to add") {
    // Where hadoop-aws is on the class path there is nothing to refuse.
    val missing = scala.util.Try(Class.forName("org.apache.hadoop.fs.s3a.S3AFileSystem")).isFailure
    if (!missing) cancel("hadoop-aws is here")
    val e = intercept[IllegalArgumentException](sources.source(new URI("s3a://bucket/x")))
    assert(e.getMessage.startsWith("s3a://bucket/x: Hadoop has no classes for s3a: here") && e.getMessage.contains("hadoop-aws"))
  }
}
