package spindle.sweep

import java.nio.ByteBuffer
import java.nio.file.{Files, Path}
import java.security.MessageDigest
import java.util.HexFormat
import java.util.{List => JList}

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

import spindle.task.{Reservoir, SnnClassifier}

/** Files of images are part of what a trial is: by content, and looked at before anything runs. */
class DataFilesSuite extends AnyFunSuite {
  private val names =
    Seq("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")
  private val sweeps = Sweeps.over(JList.of(new Reservoir, new SnnClassifier))

  private def ints(all: Int*): Array[Byte] = {
    val b = ByteBuffer.allocate(4 * all.size)
    all.foreach(b.putInt)
    b.array
  }
  private def images(n: Int, size: Int, grey: Int): Array[Byte] = ints(0x803, n, size, size) ++ Array.fill(n * size * size)(grey.toByte)
  private def labels(n: Int): Array[Byte] = ints(0x801, n) ++ Array.tabulate(n)(i => (i % 10).toByte)

  private def folder(grey: Int = 1, train: Int = 30): Path = {
    val folder = Files.createTempDirectory("spindle-idx")
    folder.toFile.deleteOnExit()
    for ((name, bytes) <- names.zip(Seq(images(train, 4, grey), labels(train), images(20, 4, grey), labels(20)))) {
      Files.write(folder.resolve(name), bytes)
      folder.resolve(name).toFile.deleteOnExit()
    }
    folder
  }

  private def yaml(model: String, folder: String, rest: String = ""): Path =
    SweepFiles.file("data.yaml", s"sweep: data\nmodel: $model\nfixed:\n  data.set: idx\n  data.dir: $folder\n$rest")

  private def plan(file: Path, set: String*): Sweeps.Planned = sweeps.plan(file, set.asJava, 1000)

  private def ids(p: Sweeps.Planned): Seq[String] = p.plan.trials.asScala.map(_.trialId).toSeq

  private def errors(file: Path, set: String*): Seq[String] =
    intercept[InvalidSweep](plan(file, set: _*)).lines.asScala.toSeq.map(_.replaceFirst("^.*data\\.yaml:", ""))

  private def sha(file: Path): String =
    HexFormat.of.formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)))

  test("other images in the same files are other trials, whatever the model; the same ones are the same trials") {
    for (model <- Seq("reservoir", "snn-classifier")) {
      val data = folder()
      val file = yaml(model, data.toString)
      val before = ids(plan(file))
      assert(ids(plan(file)) === before)
      val old = Files.readAllBytes(data.resolve(names(2)))
      Files.write(data.resolve(names(2)), images(20, 4, 2))
      val after = ids(plan(file))
      assert(after.toSet.intersect(before.toSet) === Set.empty, model)
      Files.write(data.resolve(names(2)), old)
      assert(ids(plan(file)) === before, model)
    }
  }

  test("the checksums that a plan finds are settings of its trials, and the same as given ones") {
    val data = folder()
    val file = yaml("reservoir", data.toString)
    val planned = plan(file)
    val found = planned.plan.settings(planned.plan.trials.next).word("data.sha256")
    assert(found === names.map(n => sha(data.resolve(n))).mkString(","))
    assert(ids(plan(file, s"fixed.data.sha256=$found")) === ids(planned))
  }

  test("the same files in another place are the same trials; in both places of one sweep they are refused") {
    val (one, copy) = (folder(), folder())
    val file = yaml("reservoir", one.toString)
    assert(ids(plan(file, s"fixed.data.dir=$copy")) === ids(plan(file)))
    assert(errors(file, s"axes.data.dir={choice: [$one, $copy]}", "axes.res.n={values: [10, 20]}") ===
      List(s"--set axes.data.dir={choice: [$one, $copy]}: axes.data.dir: the same content as another of its values has, so the same trials; " +
        "name one (2 of 4 configurations)"))
  }

  test("folders that are swept are each looked at") {
    val (one, two) = (folder(), folder(2))
    val swept = yaml("reservoir", one.toString).resolveSibling("data.yaml")
    Files.writeString(swept, s"sweep: data\nmodel: reservoir\nfixed: {data.set: idx}\naxes:\n  data.dir: {choice: [$one, $two]}\n")
    val planned = plan(swept).plan
    val sums = planned.trials.asScala.map(planned.settings(_).word("data.sha256")).toSeq
    assert(sums.map(_.take(64)) === Seq(one, two).map(f => sha(f.resolve(names.head))))
    Files.write(two.resolve(names(3)), labels(19))
    assert(errors(swept) === List(
      s"5:${25 + one.toString.length} axes.data.dir: ${two.resolve(names(3))}: at byte 4: 19 labels, but ${two.resolve(names(2))} has 20 images;" +
        " take both files from one set (1 of 2 configurations)"))
  }

  test("more images than there are, however many are asked for, are refused before anything runs") {
    val file = yaml("reservoir", folder().toString, "axes:\n  data.train: {values: [30, 31]}\n")
    assert(errors(file) === List("7:29 axes.data.train: data.train is 31, but there are 30 images (1 of 2 configurations)"))
  }

  test("damaged, exchanged, empty and missing files are refused in one line with file, byte and remedy") {
    def refused(spoil: Path => scala.Unit): String = {
      val data = folder()
      spoil(data)
      val lines = errors(yaml("snn-classifier", data.toString))
      assert(lines.size === 1)
      lines.head.stripPrefix("5:13 fixed.data.dir: ").replace(s"$data/", "")
    }
    def write(at: Int, bytes: Array[Byte]): Path => scala.Unit = data => Files.write(data.resolve(names(at)), bytes)
    assert(refused(write(0, images(30, 4, 1).dropRight(1))) ===
      s"${names(0)}: at byte 495: the file is cut short: its header announces 480 bytes; fetch it again")
    assert(refused(write(0, images(30, 4, 1) :+ 0.toByte)).startsWith(s"${names(0)}: at byte 496: the file goes on"))
    assert(refused(write(1, images(30, 4, 1))).startsWith(s"${names(1)}: at byte 0: magic number 0x00000803 (images), expected 0x00000801"))
    assert(refused(write(2, images(20, 5, 1))) ===
      s"${names(2)}: at byte 8: 5 x 5 pixels, but ${names(0)} has 4 x 4; take all files from one set")
    assert(refused(data => { write(0, images(0, 4, 1))(data); write(1, labels(0))(data) }) ===
      s"${names(0)}: at byte 4: 0 images, at least 1 is needed; is this the file?")
    assert(refused(data => Files.delete(data.resolve(names(3)))).startsWith(s"${names(3)}: cannot be opened"))
  }

  test("a wrong checksum is refused before anything runs, with file, expected and found") {
    val data = folder()
    val sums = names.map(n => sha(data.resolve(n))).updated(1, "0" * 64)
    val lines = errors(yaml("reservoir", data.toString, s"  data.sha256: ${sums.mkString(", ")}\n"))
    assert(lines.size === 1 && lines.head.startsWith(
      s"5:13 fixed.data.dir: ${data.resolve(names(1))}: SHA-256 checksum expected ${"0" * 64}, found ${sha(data.resolve(names(1)))}"), lines)
    val short = errors(yaml("reservoir", data.toString, "  data.sha256: ab, cd\n"))
    assert(short === Seq("6:16 fixed.data.sha256: data.sha256 needs 4 checksums, got 2"))
    val garbled = errors(yaml("reservoir", data.toString, s"  data.sha256: ${sums.updated(2, "ab").mkString(", ")}\n"))
    assert(garbled === Seq(s"6:16 fixed.data.sha256: ${data.resolve(names(2))}: sha256 must be 64 hexadecimal digits, got 'ab'"))
  }

  test("what is set and not read is warned of") {
    val file = yaml("reservoir", folder().toString)
    assert(plan(file, "fixed.data.set=digits").warnings.asScala.toSeq === List("data.dir is set, but is not read with data.set = digits"))
    assert(plan(file).warnings.isEmpty)
  }
}
