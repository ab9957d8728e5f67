package spindle.train.data

import java.io.{ByteArrayInputStream, ByteArrayOutputStream, EOFException, FileNotFoundException, IOException, InputStream}
import java.nio.ByteBuffer
import java.nio.file.{Files, Path, Paths}
import java.util.zip.GZIPOutputStream

import scala.util.Random

import org.scalatest.funsuite.AnyFunSuite

/** Bytes under a name, given out in pieces as small as a network may give them. */
private final case class Bytes(override val name: String, bytes: Array[Byte], piece: Int = Int.MaxValue) extends Source {
  override def open(): InputStream = new ByteArrayInputStream(bytes) {
    override def read(b: Array[Byte], off: Int, len: Int): Int = super.read(b, off, len min piece)
  }
}

private object Idxs {
  def ints(values: Int*): Array[Byte] =
    values.foldLeft(ByteBuffer.allocate(4 * values.size))(_ putInt _).array

  def pixels(n: Int): Array[Byte] = { val b = new Array[Byte](n); new Random(n).nextBytes(b); b }

  def images(count: Int, rows: Int, columns: Int): Array[Byte] =
    ints(0x803, count, rows, columns) ++ pixels(count * rows * columns)

  def labels(count: Int, classes: Int = 10): Array[Byte] =
    ints(0x801, count) ++ Array.tabulate(count)(i => (i % classes).toByte)

  def gzip(bytes: Array[Byte]): Array[Byte] = {
    val out = new ByteArrayOutputStream
    val zip = new GZIPOutputStream(out)
    zip.write(bytes)
    zip.close()
    out.toByteArray
  }
}

class IdxSuite extends AnyFunSuite {
  import Idxs._

  private def read(images: Array[Byte], labels: Array[Byte], classes: Int = 10): Images =
    Idx.read(Bytes("images", images), Bytes("labels", labels), classes)

  private def refusal(images: Array[Byte], labels: Array[Byte], classes: Int = 10): String =
    intercept[BadFileException](read(images, labels, classes)).getMessage

  test("what was written is read, plain or packed, however small the pieces") {
    for (count <- Seq(0, 1, 7, 64, 1000); pack <- Seq(identity[Array[Byte]] _, gzip _); piece <- Seq(1, 5, 1 << 20)) {
      val found = Idx.read(Bytes("a", pack(images(count, 3, 5)), piece), Bytes("b", pack(labels(count)), piece), 10)
      assert((found.rows, found.columns, found.classes, found.count) === ((3, 5, 10, count)))
      assert(found.pixels.sameElements(pixels(count * 15)))
      assert((0 until count).forall(i => found.label(i) == i % 10))
    }
  }

  test("every cut of a file is refused by name and byte, none is read") {
    val (good, marks) = (images(3, 2, 2), labels(3))
    for (cut <- good.indices) assert(refusal(good.take(cut), marks).startsWith(s"images: at byte $cut: "))
    for (cut <- marks.indices) assert(refusal(good, marks.take(cut)).startsWith(s"labels: at byte $cut: "))
    val packed = gzip(good)
    for (cut <- 1 until packed.length) assert(refusal(packed.take(cut), marks).startsWith("images: "))
  }

  test("a packed file cut short names the byte of its content, and so does a damaged one") {
    val packed = gzip(images(1000, 8, 8))
    val cut = refusal(packed.take(packed.length / 2), labels(1000))
    assert(cut.matches("images: after byte \\d+ of the unpacked content: the gzip file is damaged .*fetch it again"))
    packed(packed.length - 6) = (packed(packed.length - 6) ^ 1).toByte
    assert(refusal(packed, labels(1000)).contains("the gzip file is damaged"))
  }

  test("gzip content may come in members, but nothing else may follow it") {
    val (whole, marks) = (images(3, 2, 2), labels(3))
    val members = gzip(whole.take(9)) ++ gzip(whole.drop(9))
    val together = read(members, gzip(marks))
    assert(together.count === 3 && together.pixels.toSeq === whole.drop(16).toSeq)
    for (count <- Seq(1, 2, 17, 1000, 70000); byte <- Seq(0, 0x1f, 0xff)) {
      val more = Array.fill(count)(byte.toByte)
      assert(refusal(members ++ more, marks) === "images: bytes follow the end of the gzip content; fetch it again or unpack it")
      assert(refusal(whole, gzip(marks) ++ more) === "labels: bytes follow the end of the gzip content; fetch it again or unpack it")
    }
  }

  test("a file that goes on is refused at the first byte too many") {
    assert(refusal(images(3, 2, 2) :+ 0.toByte, labels(3)) ===
      "images: at byte 28: the file goes on after the 12 bytes that its header announces; fetch it again")
    assert(refusal(gzip(images(3, 2, 2) :+ 0.toByte), labels(3)).startsWith("images: at byte 28 of the unpacked content: "))
    assert(refusal(images(3, 2, 2), labels(3) :+ 0.toByte).startsWith("labels: at byte 11: "))
  }

  test("a wrong magic number is refused, and exchanged files are told so") {
    assert(refusal(labels(3), images(3, 2, 2)) ===
      "images: at byte 0: magic number 0x00000801 (labels), expected 0x00000803 (images); images and labels are exchanged")
    assert(refusal(ints(0x50415231, 0, 0, 0), labels(0)) ===
      "images: at byte 0: magic number 0x50415231, expected 0x00000803 (images); give an IDX file, plain or gzip")
  }

  test("sizes that cannot be are refused before memory is taken") {
    assert(refusal(ints(0x803, -1, 2, 2), labels(0)).startsWith("images: at byte 4: size 0 must be at least 0, got -1"))
    assert(refusal(ints(0x803, 3, 0, 2), labels(3)).startsWith("images: at byte 8: size 1 must be at least 1, got 0"))
    val max = Int.MaxValue
    assert(refusal(ints(0x803, max, max, max), labels(3)).startsWith("images: at byte 4: more than "))
    assert(refusal(ints(0x803, 2000000, 1000, 1000), labels(3)).startsWith("images: at byte 12: "))
    assert(refusal(ints(0x803, 2000000, 1, 1000), labels(3)).startsWith("images: at byte 16: the file is cut short"))
  }

  test("counts that differ and labels out of range are refused by name and byte") {
    assert(refusal(images(3, 2, 2), labels(4)) ===
      "labels: at byte 4: 4 labels, but images has 3 images; take both files from one set")
    assert(refusal(images(30, 2, 2), labels(30), 7) ===
      "labels: at byte 15: label 7 of image 7 must be in [0, 7); is this the file of a set with 7 classes?")
    assert(refusal(images(1, 2, 2), ints(0x801, 1) :+ (-1).toByte, 255).contains("label 255 of image 0"))
    assert(intercept[IllegalArgumentException](read(images(0, 1, 1), labels(0), 0)).getMessage.contains("got 0"))
  }

  test("the stream is closed, after success and after failure") {
    for (bytes <- Seq(labels(3), labels(4), gzip(labels(3)), Array[Byte](0x1f, 0x8b.toByte, 0), Array.empty[Byte])) {
      var closed = 0
      val source = new Source {
        override def name: String = "x"
        override def open(): InputStream = new ByteArrayInputStream(bytes) {
          override def close(): Unit = closed += 1
        }
      }
      scala.util.Try(Idx.read(Bytes("images", images(3, 2, 2)), source, 10))
      assert(closed === 1)
    }
  }

  test("storage that fails in the middle is no damaged file: it is named, with the bytes that were had") {
    val content = images(1000, 10, 10)
    val cases = Seq(content -> new IOException("lost"), content -> new EOFException("lost"), gzip(content) -> new IOException("lost"))
    for ((bytes, lost) <- cases; had <- Seq(0, 1, 7, 1000, 80000)) {
      val source = new Source {
        override def name: String = "far"
        override def open(): InputStream = new ByteArrayInputStream(bytes.take(had)) {
          override def read(b: Array[Byte], off: Int, len: Int): Int = {
            val n = super.read(b, off, len)
            if (n < 0) throw lost else n
          }
        }
      }
      val beside = Bytes("labels", labels(1000))
      val expected = "far: after byte \\d+( of the unpacked content)?: cannot be read \\(lost\\); is the storage whole\\?"
      for (look <- Seq(Idx.read _, Idx.inspect _))
        assert(intercept[IOException](look(source, beside, 10)).getMessage.matches(expected), had)
    }
  }

  test("Fashion-MNIST reads as published, where Debian's dataset-fashion-mnist is installed") {
    val folder = Paths.get(sys.props.getOrElse("spindle.fashion", "/usr/share/datasets/fashion-mnist"))
    if (!Files.isDirectory(folder)) cancel(s"no $folder: install dataset-fashion-mnist to run this test")
    def set(prefix: String): Images = {
      def file(kind: String): Source = Source.file(folder.resolve(s"$prefix-$kind-ubyte.gz"))
      Idx.read(file("images-idx3"), file("labels-idx1"), 10)
    }
    val split = new Split(set("train"), set("t10k"))
    assert((split.train.count, split.test.count, split.train.rows, split.train.columns) === ((60000, 10000, 28, 28)))
    assert((0 until 10).forall(c => split.test.labels.count(_ == c) == 1000))
    assert((0 until 10).map(split.train.label) === Seq(9, 0, 0, 3, 0, 2, 7, 2, 5, 5))
  }
}

class SourceSuite extends AnyFunSuite {
  private val abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
  private val source = Bytes("a.bin", "abc".getBytes)

  test("a checked source gives the same bytes when the checksum holds, in either case") {
    assert(new String(source.checked(abc).open().readAllBytes()) === "abc")
    assert(new String(source.checked(abc.toUpperCase).open().readAllBytes()) === "abc")
  }

  test("a wrong checksum is refused with file, expected and found, before a byte is given out") {
    val wrong = "0" * 64
    val message = intercept[BadFileException](source.checked(wrong).open()).getMessage
    assert(message.startsWith(s"a.bin: SHA-256 checksum expected $wrong, found $abc; fetch"))
  }

  test("what is no checksum is refused when it is given") {
    for (bad <- Seq("", "abc", abc.drop(1), abc + "0", "g" + abc.drop(1)))
      assert(intercept[IllegalArgumentException](source.checked(bad)).getMessage.startsWith("a.bin: sha256 must be"))
  }

  test("a file is read, and a missing file or resource is named") {
    val file = Files.createTempFile("spindle", ".bin")
    try {
      Files.write(file, "abc".getBytes)
      assert(new String(Source.file(file).checked(abc).open().readAllBytes()) === "abc")
    } finally Files.delete(file)
    assert(intercept[IOException](Source.file(Path.of("no-such-file")).open()).getMessage.contains("no-such-file"))
    val missing = new Source.Resource(classOf[Images], "none")
    assert(intercept[FileNotFoundException](missing.open()).getMessage.startsWith("resource spindle.train.data/none"))
  }

  test("a password in a URI is refused and not shown; a port and an account are none") {
    def refusal(place: String): String = intercept[IllegalArgumentException](Sources.at(place)).getMessage
    for (secret <- Seq("key:hunter2", ":hunter2", "key:hun/ter2", "key:12hunter2"))
      assert(refusal(s"s3a://$secret@bucket/x").startsWith("s3a://...@bucket/x: a URI here holds no password"), secret)
    for (place <- Seq("far://host:9000/x@2", "far://container@account/x", "far://host/a:b@c"))
      assert(refusal(place) === s"$place: nobody reads far: here; give a local path")
  }
}
