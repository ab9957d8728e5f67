package spindle.task

import java.io.{ByteArrayInputStream, ByteArrayOutputStream, InputStream}
import java.nio.ByteBuffer
import java.nio.file.Files
import java.util.Optional

import org.scalatest.funsuite.AnyFunSuite
import spindle.ir.Generators
import spindle.train.data.{Digits, Images}
import spindle.train.readout.{Features, GramFile}

import scala.collection.mutable
import scala.jdk.CollectionConverters._

/** The reservoir learns the bundled digits, and the readout can be solved again without it. */
@spindle.Gpu
class ReservoirSuite extends AnyFunSuite {
  private val task = new Reservoir

  private def trial(values: (String, String)*): Trial = on("cpu", values: _*)

  private def on(backend: String, values: (String, String)*): Trial = seeded(4, backend, values)

  private def seeded(seed: Long, backend: String, values: Seq[(String, String)]): Trial = {
    val parameters = task.describe.parameters
    val changes = values.map { case (k, v) => k -> Value.parse(parameters.asScala.find(_.name == k).get, v) }
    new Trial(Settings.defaults(parameters).`with`(changes.toMap.asJava), seed, backend, Recording.NONE, null)
  }

  private class Kept extends Workspace {
    val files: mutable.Map[String, Array[Byte]] = mutable.Map.empty
    override def open(key: String): Optional[InputStream] =
      Optional.ofNullable(files.get(key).map(b => new ByteArrayInputStream(b): InputStream).orNull)
    override def save(key: String, content: Workspace.Content): scala.Unit = {
      val out = new ByteArrayOutputStream
      content.write(out)
      files(key) = out.toByteArray
    }
    override def drop(key: String): scala.Unit = files -= key
  }

  private def run(t: Trial, kept: Workspace = Workspace.NONE): Outcome =
    task.run(t, new Recorder {
      override def spikes(chunk: Recorder.SpikeChunk): scala.Unit = fail("a reservoir has no spikes")
      override def trace(chunk: Recorder.TraceChunk): scala.Unit = fail("a reservoir has no traces")
      override def workspace: Workspace = kept
    })

  /** What tells of the trial and not of a machine. */
  private def exact(o: Outcome): Map[String, Double] = {
    val own = task.describe.metrics.asScala.filterNot(_.timing).map(_.name).toSet
    o.metrics.asScala.toMap.view.mapValues(_.doubleValue).filterKeys(own).toMap
  }

  test("digits are learnt far above chance, and more units learn more") {
    val accuracy = Seq("20", "200").map(n => run(trial("res.n" -> n, "res.p_in" -> "0.5")).metrics.get("accuracy_test").doubleValue)
    assert(accuracy(1) > 0.8 && accuracy(0) > 0.4 && accuracy(1) > accuracy(0), accuracy.toString)
  }

  test("every backend learns the same bits, whatever the storage") {
    val few = Seq("res.n" -> "20", "data.train" -> "40", "data.test" -> "10")
    val expected = exact(run(on("reference", few: _*)))
    assert(expected.keySet === Set("accuracy_test", "accuracy_test_se", "accuracy_train"))
    for (backend <- Generators.names; storage <- Seq("stored", "regenerated"))
      assert(exact(run(on(backend, few :+ "res.storage" -> storage: _*))) === expected, s"$backend, $storage")
  }

  test("states that one backend saved serve another, and tell of the machine that made them") {
    val few = Seq("res.n" -> "20", "data.train" -> "40", "data.test" -> "10")
    val pairs = for (first <- Generators.names; second <- Generators.names if second != first) yield first -> second
    for (((first, second), k) <- pairs.zipWithIndex) {
      val kept = new Kept
      def trial(backend: String): Trial = seeded(100 + k, backend, few) // what a seed makes, this JVM remembers
      val (made, found) = (run(trial(first), kept), run(trial(second), kept))
      assert(exact(found) === exact(made))
      def machine(o: Outcome): Any = (o.backend, o.device, o.shape, o.peakBytes,
        Seq("memory", "memory_if_stored", "t_states").map(o.metrics.get(_)))
      assert(machine(found) === machine(made) && found.backend === first)
      assert(made.shape.nonEmpty === (first == "cuda"))
      val saved = ReservoirFile.block(task.work(trial(second)).key(0), kept).get.facts
      assert((saved.machine.backend, saved.machine.device, saved.machine.shape, saved.footprint.bytes) === ((made.backend, made.device, made.shape, made.peakBytes)))
    }
  }

  test("the readout is solved again from what was saved, with the same numbers") {
    val kept = new Kept
    val first = run(trial("res.n" -> "50", "data.train" -> "300", "readout.ridge" -> "0.1"), kept)
    assert(kept.files.size === 3, "a block of each half, and the normal equations")
    // Garbage collected or in another JVM: only the workspace is left.
    val other = trial("res.n" -> "50", "data.train" -> "300", "readout.ridge" -> "3")
    val again = run(other, kept)
    assert(kept.files.size === 3)
    assert(exact(again) !== exact(first))
    assert(again.kernels.size === 1 && again.kernels === first.kernels, "what was simulated, and when it was not simulated again")
    assert(exact(again) === exact(run(trial("res.n" -> "50", "data.train" -> "300", "readout.ridge" -> "3", "res.storage" -> "regenerated"))))
    assert(again.metrics.get("t_states") === first.metrics.get("t_states"), "nothing was simulated again")
  }

  test("states and normal equations that are cut short or damaged are made again") {
    val kept = new Kept
    def solved(ridge: String) = run(trial("res.n" -> "50", "data.train" -> "300", "readout.ridge" -> ridge), kept)
    val whole = exact(solved("0.1"))
    val made = kept.files.toMap.map { case (key, bytes) => key -> bytes.length }
    for {
      key <- made.keys.toSeq
      damage <- Seq[Array[Byte] => Array[Byte]](
        _.take(7),
        bytes => bytes.take(bytes.length / 2),
        _.dropRight(1),
        bytes => bytes.updated(5, (bytes(5) ^ 64).toByte),
        bytes => bytes.updated(30, (bytes(30) ^ 1).toByte),
        bytes => bytes.updated(bytes.length * 2 / 3, (bytes(bytes.length * 2 / 3) ^ 4).toByte))
    } {
      (made.keySet - key).filter(_.contains(" part ")).foreach(kept.drop) // made of the states again
      kept.files(key) = damage(kept.files(key))
      assert(exact(solved("0.1")) === whole, key)
      assert(kept.files.toMap.map { case (k, bytes) => k -> bytes.length } === made, key)
    }
  }

  /** More training images than a block holds: the digits, twice. */
  private lazy val twice: Seq[(String, String)] = {
    val all = Digits.read()
    val folder = Files.createTempDirectory("spindle-digits")
    def idx(name: String, magic: Int, sizes: Seq[Int], bytes: Array[Byte]): scala.Unit = {
      val head = ByteBuffer.allocate(4 + 4 * sizes.size).putInt(magic)
      sizes.foreach(head.putInt)
      Files.write(folder.resolve(name), head.array ++ bytes)
      folder.resolve(name).toFile.deleteOnExit()
    }
    def set(prefix: String, images: Images, times: Int): scala.Unit = {
      val n = images.count * times
      idx(s"$prefix-images-idx3-ubyte", 0x803, Seq(n, 8, 8), Array.fill(times)(images.pixels).flatten)
      idx(s"$prefix-labels-idx1-ubyte", 0x801, Seq(n), Array.fill(times)(images.labels).flatten)
    }
    set("train", all.train, 2)
    set("t10k", all.test, 1)
    folder.toFile.deleteOnExit()
    Seq("data.set" -> "idx", "data.dir" -> folder.toString, "data.train" -> "2594", "data.test" -> "500", "res.p_in" -> "0.5")
  }

  private def rows(f: Features): Seq[Seq[Double]] = (0 until f.samples).map { s =>
    val row = new Array[Double](f.units)
    f.read(s, row, 0)
    row.toSeq
  }

  private def bits(s: ReservoirStates): (Seq[Seq[Double]], Seq[Seq[Double]], Seq[Byte]) = {
    val out = new ByteArrayOutputStream
    GramFile.write(s.gram, out)
    (rows(s.train), rows(s.test), out.toByteArray.toSeq)
  }

  test("blocks and parts made apart, any of them and in any order, join to the bits of one run") {
    val t = trial(twice :+ "res.n" -> "200": _*)
    assert(task.shared(t).rounds.asScala === Seq(3, 1))
    val whole = task.work(t)
    val work = whole.withParts(40000)
    assert((work.blocks, work.parts, whole.parts) === ((3, 4, 1)))
    val alone = bits(ReservoirStates.made(whole, Workspace.NONE))
    for (made <- Seq(Seq(2, 0, 1, 5, 3, 6, 4), Seq(1), Seq(0, 2, 3), Seq(1, 0, 4))) {
      val kept = new Kept
      made.foreach(ReservoirStates.prepare(work, _, kept))
      val done = made.filter(p => p < 3 || Set(0, 1).subsetOf(made.toSet))
      assert(kept.files.keySet === done.map(p => if (p < 3) work.key(p) else work.partKey(p - 3)).toSet, "a part needs all blocks")
      assert(bits(ReservoirStates.made(work, kept)) === alone)
      assert(kept.files.size === 7)
      val before = kept.files.view.mapValues(_.hashCode).toMap
      (0 until 8).foreach(ReservoirStates.prepare(work, _, kept))
      assert(kept.files.view.mapValues(_.hashCode).toMap === before, "what is there is not made again")
    }
  }

  test("a trial whose blocks were made elsewhere has the metrics of one that made them itself") {
    val t = trial(twice :+ "res.n" -> "61": _*)
    val kept = new Kept
    (0 until 4).foreach(task.share(t, _, kept))
    val saved = kept.files.keySet.toSet
    val found = run(t, kept)
    assert(saved.size === 4 && kept.files.keySet === saved)
    assert(exact(found) === exact(run(trial(twice ++ Seq("res.n" -> "61", "res.storage" -> "stored"): _*))))
    assert(exact(found)("accuracy_test") > 0.7)
  }

  test("ridge and recursive least squares agree where lambda = 1 / alpha") {
    val common = Seq("res.n" -> "40", "data.train" -> "200")
    val ridge = run(trial(common :+ "readout.ridge" -> "10": _*))
    val rls = run(trial(common ++ Seq("readout.kind" -> "rls", "readout.alpha" -> "0.1"): _*))
    assert(exact(ridge) === exact(rls))
  }

  test("fewer samples than units are solved in the dual form, and as well") {
    val o = run(trial("res.n" -> "300", "data.train" -> "150"))
    assert(o.metrics.get("accuracy_train") > 0.95 && o.metrics.get("accuracy_test") > 0.6)
    val kept = new Kept
    run(trial("res.n" -> "301", "data.train" -> "150"), kept)
    assert(kept.files.size === 2, "no normal equations of the units")
  }

  test("a block of images fills batches of one size, up to 512 or half as many") {
    val found = for ((images, units) <- Seq((1, 5), (60, 5), (513, 5), (10000, 5), (10000, 4097))) yield ReservoirWork.batch(images, units)
    assert(found === Seq(16, 64, 272, 512, 256))
  }

  test("memory is that of the trial's own storage, whoever made the states, and of storage what storing takes") {
    def memory(storage: String, seed: Long): (Double, Double) = {
      val o = run(seeded(seed, "cpu", Seq("res.n" -> "150", "data.train" -> "60", "res.storage" -> storage)))
      (o.metrics.get("memory"), o.metrics.get("memory_if_stored"))
    }
    for ((order, seed) <- Seq(Seq("stored", "regenerated"), Seq("regenerated", "stored")).zip(Seq(21L, 22L))) {
      val found = order.map(storage => storage -> memory(storage, seed)).toMap
      val (stored, ifStored) = found("stored")
      val (regenerated, otherwise) = found("regenerated")
      assert(ifStored === stored && otherwise === stored && regenerated < 0.95 * stored, s"$order")
    }
  }

  test("the memory that is predicted is that of the smaller matrix, and of the matrix of recursive least squares") {
    def bytes(n: Int, images: Int, kind: String): Double = task.cost(trial("res.n" -> s"$n", "res.storage" -> "regenerated",
      "data.set" -> "idx", "data.dir" -> "unread", "data.train" -> s"$images", "data.test" -> "2000", "readout.kind" -> kind)).bytes
    assert(bytes(50000, 10000, "ridge") < 4e9, "2 GB of states, a matrix of 10,000 x 10,000")
    assert(bytes(50000, 60000, "ridge") > 20e9)
    assert(bytes(60000, 10000, "rls") > 28.8e9)
    val shared = task.shared(trial("res.n" -> "10000", "data.set" -> "idx", "data.dir" -> "unread"))
    assert(shared.rounds.asScala === Seq(30 + 5, 6))
  }

  test("what no readout can be fitted to diverges, and says by name what may help") {
    val harmless = Seq("readout.ridge" -> "1", "res.radius" -> "0.5", "readout.feedback" -> "0.1")
    def diverged(parts: String*)(values: (String, String)*): scala.Unit = {
      val outcome = run(trial(Seq("data.train" -> "60", "data.test" -> "20") ++ values: _*))
      assert(outcome.status === Outcome.Status.DIVERGED && outcome.metrics.isEmpty && outcome.timing.simS > 0)
      val whole = run(trial(Seq("data.train" -> "60", "data.test" -> "20") ++ values ++ harmless: _*))
      assert(whole.status === Outcome.Status.OK && whole.neurons === outcome.neurons && whole.synapses === outcome.synapses)
      parts.foreach(part => assert(outcome.reason.contains(part), outcome.reason))
    }
    // Units that are not connected see 8 columns of pixels, and so small that tanh bends nothing: their states have rank 8.
    val linear = Seq("res.p" -> "0", "res.p_in" -> "1", "res.input_scale" -> "0.000001", "readout.ridge" -> "1e-300")
    diverged("singular to working precision", "pivot of unit ", "raise the penalty (readout.ridge = ")(linear :+ ("res.n" -> "50"): _*)
    diverged("singular to working precision", "pivot of sample ", "readout.ridge = ")(linear :+ ("res.n" -> "100"): _*)
    val growing = Seq("res.n" -> "50", "res.activation" -> "relu", "res.p" -> "1", "res.radius" -> "1000000", "res.leak" -> "1")
    diverged("not finite", "res.activation = relu, res.radius = 1000000")(growing: _*)
    diverged("recursive least squares diverged", "readout.alpha = 0.1")(growing :+ ("readout.kind" -> "rls"): _*)
    diverged("recursive least squares diverged", "readout.alpha = 0.1", "readout.feedback = 1")(
      growing :+ ("readout.kind" -> "force"): _*)
  }

  test("what cannot be read is said by name") {
    def refused(part: String)(values: (String, String)*): scala.Unit = {
      val e = intercept[RuntimeException] { run(trial(values: _*)) }
      assert(e.getMessage.contains(part), e.getMessage)
    }
    refused("data.set idx needs data.dir")("data.set" -> "idx")
    refused("/nowhere/train-images-idx3-ubyte")("data.set" -> "idx", "data.dir" -> "/nowhere")
    refused("nobody reads gopher: here")("data.set" -> "idx", "data.dir" -> "gopher://x/y")
    refused("data.train is 5000, but there are 1297 images")("data.train" -> "5000")
    refused("data.sha256 needs 4 checksums, got 1")("data.set" -> "idx", "data.dir" -> "x", "data.sha256" -> "ab")
  }
}
