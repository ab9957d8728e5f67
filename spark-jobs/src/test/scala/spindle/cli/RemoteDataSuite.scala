package spindle.cli

import java.nio.ByteBuffer
import java.nio.file.{Files, Path}
import java.security.MessageDigest
import java.util.HexFormat
import java.util.zip.GZIPOutputStream
import java.util.{List => JList}

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.tagobjects.Slow
import spindle.result.Table
import spindle.sweep.Sweeps
import spindle.task.{Guards, Recorder, Recording, Reservoir, Trial}
import spindle.train.data.{Digits, Images}

/** Data sets on S3 and HDFS: servers, drivers and executors are processes of their own. */
class RemoteDataSuite extends AnyFunSuite with RemoteStorage {
  override def sweep: String = "remote"

  private val names =
    Seq("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")

  private def ints(all: Int*): Array[Byte] = {
    val bytes = ByteBuffer.allocate(4 * all.size)
    all.foreach(bytes.putInt)
    bytes.array
  }

  private def idx(images: Images): Seq[Array[Byte]] = Seq(
    ints(0x803, images.count, images.rows, images.columns) ++ images.pixels,
    ints(0x801, images.count) ++ images.labels)

  /** The files of the bundled digits, the first ones. */
  private val digits: Seq[Array[Byte]] = {
    val all = Digits.read()
    idx(all.train.subset(0, 200)) ++ idx(all.test.subset(0, 100))
  }

  private def gzip(bytes: Array[Byte]): Array[Byte] = {
    val packed = new java.io.ByteArrayOutputStream
    val out = new GZIPOutputStream(packed)
    try out.write(bytes) finally out.close()
    packed.toByteArray
  }

  /** A folder with these files. */
  private def set(name: String, files: Seq[(String, Array[Byte])] = plain): Path = {
    val folder = Files.createDirectories(root.resolve("sets").resolve(name))
    files.foreach { case (file, bytes) => Files.write(folder.resolve(file), bytes) }
    folder
  }

  private def plain: Seq[(String, Array[Byte])] = names.zip(digits)

  private def packed: Seq[(String, Array[Byte])] = names.map(_ + ".gz").zip(digits.map(gzip))

  private def sha256(bytes: Array[Byte]): String = HexFormat.of.formatHex(MessageDigest.getInstance("SHA-256").digest(bytes))

  private def yaml(name: String, folders: Seq[String], rest: String): String = Files.writeString(root.resolve(name),
    s"""sweep: remote
       |model: reservoir
       |fixed: {data.set: idx, res.p: 0.1, res.p_in: 0.5}
       |axes:
       |  data.dir: {choice: ${folders.mkString("['", "', '", "']")}}
       |$rest
       |""".stripMargin).toString

  private def told: Seq[(String, String)] = options.map { case (key, value) => s"spark.hadoop.$key" -> value }

  /** What is wrong with the folders of a sweep, each with its name in front. */
  private def refusals(folders: Seq[String], set: Seq[String], more: (String, String)*): Seq[String] = {
    val config = yaml("refused.yaml", folders, "")
    val (code, said) = process("spindle.cli.Main", told.map { case (k, v) => s"-D$k=$v" },
      Seq("validate", config) ++ set, more: _*)
    assert(code === 2, said.mkString("\n"))
    val words = said.filterNot(l => l.isEmpty || l.startsWith("WARNING: ")) // what a newer JVM says of Hadoop
    words.map(_.replaceFirst("^.*refused\\.yaml:5:\\d+ +axes\\.data\\.dir: ", "").replaceFirst(" \\(1 of \\d+ configurations\\)$", ""))
  }

  test("a sweep with its data on S3 and HDFS has the same trials and accuracies as with the same files here", Slow) {
    // Packed here, plain there: to executors, which keep what they read by its checksum, each is a set of its own.
    val here = Seq(set("packed", packed), set("plain"))
    val there = Seq(s"$bucket/packed", s"$namenode/sets/plain")
    here.zip(there).foreach { case (folder, place) => put(folder, place) }
    val rest = "  res.n: {values: [10, 20]}\n  readout.ridge: {values: [0.1, 10], stage: readout}"
    val (code, said) = onCluster(Seq("run", yaml("far.yaml", there, rest), "--root", root.resolve("far").toString), told)
    assert(code === 0, said.mkString("\n"))
    assert(count("far", "status") === Map(Seq("ok") -> 8L))
    val measured = rows("far", Table.METRICS).where("metric like 'accuracy%'").select("trial_id", "metric", "value").collect()
    assert(measured.map(r => (r.getString(0), r.getString(1)) -> r.getDouble(2)).toMap === measuredHere(yaml("near.yaml", here.map(_.toString), rest)))
  }

  /** What the trials of a sweep measure, each in this thread. */
  private def measuredHere(config: String): Map[(String, String), Double] = {
    val plan = Sweeps.onClassPath().plan(Path.of(config), JList.of(), 100).plan
    plan.trials.asScala.flatMap { t =>
      val trial = new Trial(plan.settings(t), t.seed, "cpu", Recording.NONE, Guards.NONE)
      val ran = new Reservoir().run(trial, nowhere)
      ran.metrics.asScala.collect { case (name, value) if name.startsWith("accuracy") => (t.trialId, name) -> value.doubleValue }
    }.toMap
  }

  private val nowhere = new Recorder {
    override def spikes(chunk: Recorder.SpikeChunk): Unit = fail("a reservoir has no spikes")
    override def trace(chunk: Recorder.TraceChunk): Unit = fail("a reservoir has no traces")
  }

  test("missing, cut, changed and damaged files are refused by URI, byte and remedy", Slow) {
    val changed = digits(2).updated(20, 99.toByte)
    val sets = Seq(
      set("missing", plain.take(3)),
      set("cut", plain.updated(0, names(0) -> digits(0).dropRight(1))),
      set("torn", plain.drop(1) :+ (names(0) + ".gz" -> gzip(digits(0)).dropRight(1))),
      set("changed", plain.updated(2, names(2) -> changed)))
    val stores = Seq(bucket, s"$namenode/refused")
    for (store <- stores; folder <- sets) put(folder, s"$store/${folder.getFileName}")
    val unreadable = set("damaged", plain.updated(0, names(0) -> digits(0).updated(20, 98.toByte)))
    put(unreadable, s"${stores(1)}/damaged")
    put(set("good"), s"$bucket/good")
    val stored = block(unreadable.resolve(names(0)))
    Files.write(stored, Files.readAllBytes(stored).updated(20, 97.toByte))

    val bad = stores.flatMap(s => (sets.map(_.getFileName.toString) :+ "nowhere").map(f => s"$s/$f"))
    val folders = s"$bucket/good" +: bad :+ s"${stores(1)}/damaged"
    val said = refusals(folders, Seq("--set", s"fixed.data.sha256=${digits.map(sha256).mkString(",")}"))
    def none(file: String) = s"$file: cannot be opened, nor can $file.gz; is the folder right?"
    for ((store, found) <- stores.zip(said.grouped(5).toSeq)) {
      assert(found(0) === none(s"$store/missing/${names(3)}"))
      assert(found(1) === s"$store/cut/${names(0)}: at byte 12815: the file is cut short: its header announces 12800 bytes; fetch it again")
      assert(found(2) === s"$store/torn/${names(0)}.gz: after byte 12816 of the unpacked content: the gzip file is damaged (cut short); fetch it again")
      assert(found(3).startsWith(s"$store/changed/${names(2)}: SHA-256 checksum expected ${sha256(digits(2))}, found ${sha256(changed)}; fetch"))
      assert(found(4) === none(s"$store/nowhere/${names(0)}"))
    }
    assert(said.size === 11)
    assert(said.last.startsWith(s"${stores(1)}/damaged/${names(0)}: after byte 0: cannot be read ("), said.last)
    assert(said.last.endsWith("); is the storage whole?"), said.last)
  }

  test("keys that S3 does not take and passwords in a URI are refused, and not shown", Slow) {
    put(set("good"), s"$bucket/good")
    val said = refusals(Seq(s"$bucket/good", "s3a://me:hunter2@sets/good"), Nil, "AWS_SECRET_ACCESS_KEY" -> "hunter3")
    assert(said.size === 2 && !said.exists(l => l.contains("hunter") || l.contains(accessKey)), said.mkString("\n"))
    assert(said(0).startsWith(s"$bucket/good/${names(0)}: cannot be opened (permission denied: "), said(0))
    assert(said(0).endsWith("); may the folder be read, and is its storage there?"), said(0))
    assert(said(1).startsWith(s"s3a://...@sets/good/${names(0)}: a URI here holds no password"))
  }
}
