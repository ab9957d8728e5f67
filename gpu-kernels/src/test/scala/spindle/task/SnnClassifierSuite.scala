package spindle.task

import java.io.{ByteArrayInputStream, ByteArrayOutputStream, InputStream}
import java.util.Optional

import scala.collection.mutable
import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite
import spindle.ir.Generators

@spindle.Gpu
class SnnClassifierSuite extends AnyFunSuite {
  private val task = new SnnClassifier
  private val small = Seq("data.train" -> "60", "data.test" -> "30", "net.hidden" -> "12", "net.gain" -> "20",
    "sim.duration" -> "30 ms", "train.batch" -> "16", "train.epochs" -> "2", "train.rate" -> "0.02")

  private def trial(backend: String, changes: (String, String)*): Trial = {
    val parameters = task.describe().parameters().asScala
    val values = (small ++ changes).toMap.map { case (k, v) => k -> Value.parse(parameters.find(_.name == k).get, v) }
    new Trial(Settings.defaults(task.describe().parameters()).`with`(values.asJava), 3, backend, Recording.NONE, Guards.NONE)
  }

  /** Files in memory that die with the process at the n-th save, half written. */
  private class Files(var dieAt: Int = Int.MaxValue) extends Workspace {
    val kept = mutable.Map.empty[String, Array[Byte]]
    var saves = 0
    override def open(key: String): Optional[InputStream] =
      kept.get(key).fold(Optional.empty[InputStream])(b => Optional.of(new ByteArrayInputStream(b)))
    override def drop(key: String): scala.Unit = kept -= key
    override def save(key: String, content: Workspace.Content): scala.Unit = {
      saves += 1
      if (saves == dieAt) throw new InterruptedException
      val out = new ByteArrayOutputStream
      content.write(out)
      if (!kept.contains(key)) kept(key) = out.toByteArray
    }
  }

  private def run(trial: Trial, files: Workspace = Workspace.NONE): Outcome = task.run(trial, new Recorder {
    override def spikes(chunk: Recorder.SpikeChunk): scala.Unit = fail("records nothing")
    override def trace(chunk: Recorder.TraceChunk): scala.Unit = fail("records nothing")
    override def workspace(): Workspace = files
  })

  /** All numbers that are a function of the trial. */
  private def numbers(o: Outcome) = (o.status, o.metrics.asScala.toMap - "t_train", o.curve.asScala.toSeq)

  private val forms = Seq(
    "latency" -> Seq.empty[(String, String)],
    "poisson, recurrent, mean" -> Seq("code.kind" -> "poisson", "net.recurrent" -> "yes", "loss.readout" -> "mean"),
    "sparse, everything learned, penalty" -> Seq("net.p" -> "0.5", "learn.tau" -> "yes", "learn.threshold" -> "yes",
      "loss.penalty" -> "1e-5", "loss.rate" -> "20 Hz", "train.clip" -> "0.5", "train.optimizer" -> "momentum"))

  for ((name, changes) <- forms) test(s"every backend learns the same bits: $name") {
    val few = changes ++ Seq("data.train" -> "24", "data.test" -> "8", "sim.duration" -> "12 ms", "train.epochs" -> "1")
    val reference = run(trial("reference", few: _*))
    assert(reference.status === Outcome.Status.OK)
    for (backend <- Generators.names) assert(numbers(run(trial(backend, few: _*))) === numbers(reference), backend)
  }

  test("a surrogate by name, with its parameters and as a formula learns the same numbers") {
    val few = Seq("data.train" -> "24", "data.test" -> "8", "sim.duration" -> "12 ms", "train.epochs" -> "1")
    def learned(kind: String) = numbers(run(trial("cpu", few :+ ("surrogate.kind" -> kind): _*)))
    val named = learned("relu-grad")
    assert(learned("relu-grad(alpha = 0.3, width = 1)") === named)
    assert(learned("max(0, 0.3 - 0.3 * abs(x))") === named)
    assert(learned("relu-grad(alpha = 0.3, width = 2)") !== named)
  }

  test("states that are computed again and checkpoints in between change no number") {
    val plain = run(trial("cpu"))
    assert(numbers(run(trial("cpu", "train.memory" -> "0.4 MB"))) === numbers(plain))
    assert(numbers(run(trial("cpu", "train.checkpoint_every" -> "1"), new Files)) === numbers(plain))
    val curve = plain.curve.asScala
    assert(curve.map(_.split).toSet === Set("train", "valid"))
    assert(curve.map(p => (p.epoch, p.step)).distinct === Seq((1, 4L), (2, 8L)))
    val losses = curve.filter(p => p.metric == "loss" && p.split == "train").map(_.value)
    assert(losses.last < losses.head)
  }

  test("killed while it writes any checkpoint and gone on, a trial has the numbers of one that was not") {
    val every = trial("cpu", "train.checkpoint_every" -> "1", "sim.duration" -> "10 ms")
    val whole = run(every)
    for (dieAt <- Seq(1, 2, 5, 6, 10)) {
      val files = new Files(dieAt)
      intercept[InterruptedException](run(every, files))
      files.dieAt = Int.MaxValue
      assert(numbers(run(every, files)) === numbers(whole))
      assert(files.kept.size <= 2)
    }
    val damaged = new Files
    run(every, damaged)
    damaged.kept.keys.foreach(k => damaged.kept(k)(30) = (damaged.kept(k)(30) ^ 8).toByte)
    assert(numbers(run(every, damaged)) === numbers(whole), "what is damaged is not gone on from")
  }

  test("an exploding rate, a limit and too little memory end the trial as outcomes, with a reason") {
    val files = new Files
    val lost = run(trial("cpu", "train.optimizer" -> "sgd", "train.rate" -> "1e6", "train.max_loss" -> "50"), files)
    assert(lost.status === Outcome.Status.STOPPED && lost.reason.startsWith("loss is "), lost.reason)
    val limit = run(trial("cpu", "train.max_norm" -> "1e-3"))
    assert(limit.status === Outcome.Status.STOPPED && limit.reason.contains("above its limit 0.001"), limit.reason)
    val tight = run(trial("cpu", "train.memory" -> "1000 B"))
    assert(tight.status === Outcome.Status.STOPPED && tight.reason.contains("B of checkpoints at least"), tight.reason)
  }

  test("contradictions are told before anything runs") {
    def conflicts(changes: (String, String)*) = task.check(trial("cpu", changes: _*)).asScala.map(_.message)
    assert(conflicts() === Seq())
    assert(conflicts("sim.duration" -> "30.5 ms").head.contains("must be a multiple of sim.dt = 1 ms"))
    assert(conflicts("train.window" -> "7 ms") === Seq("sim.duration = 30 ms must be a multiple of train.window = 7 ms"))
    assert(conflicts("train.window" -> "10 ms", "train.beyond" -> "traces") ===
      Seq("train.beyond = traces needs batches of one sample; set train.batch to 1"))
    assert(conflicts("code.kind" -> "poisson", "code.rate" -> "2000 Hz").head.contains("more than one spike per step"))
    assert(conflicts("surrogate.kind" -> "arctam").head.startsWith("no surrogate \"arctam\"; known: sigmoid,"))
    assert(conflicts("data.train" -> "5000").head.contains("there are 1297 images"))
  }

  test("the last or the best weights are judged; gradients may be truncated") {
    val last = run(trial("cpu", "train.epochs" -> "3"))
    val best = run(trial("cpu", "train.epochs" -> "3", "train.keep" -> "best"))
    val epoch = last.metrics.get("best_epoch").intValue
    val valid = best.curve.asScala.find(p => p.metric == "loss" && p.split == "valid" && p.epoch == epoch).get.value
    assert(best.metrics.get("loss_valid") === valid)
    assert(run(trial("cpu", "train.window" -> "10 ms")).metrics != run(trial("cpu")).metrics)
  }

  test("an exponential rate falls as much in an epoch as that of steps, update by update") {
    def learned(schedule: String, batch: Int) = run(trial("cpu", "train.schedule" -> schedule, "train.gamma" -> "0.3",
      "data.train" -> "12", "train.batch" -> batch.toString, "train.epochs" -> "3")).metrics.get("loss_train")
    assert(learned("exponential", 12) === learned("step", 12), "an epoch is one update")
    assert(learned("exponential", 4) != learned("step", 4) && learned("step", 4) != learned("constant", 4))
  }

  test("eligibility traces learn online, with the same bits on every backend, in memory that does not grow with time") {
    val one = Seq("data.train" -> "12", "data.test" -> "4", "sim.duration" -> "12 ms", "train.epochs" -> "1", "train.batch" -> "1",
      "net.recurrent" -> "yes", "learn.tau" -> "yes", "learn.threshold" -> "yes", "train.beyond" -> "traces")
    def learned(backend: String, changes: (String, String)*) = run(trial(backend, one ++ changes: _*))
    val online = learned("cpu", "train.window" -> "1 ms")
    assert(online.status === Outcome.Status.OK)
    assert(numbers(learned("reference", "train.window" -> "1 ms")) === numbers(online))
    assert(numbers(learned("cpu", "train.window" -> "1 ms", "train.beyond" -> "nothing")) !== numbers(online))
    assert(learned("cpu", "train.window" -> "1 ms", "sim.duration" -> "24 ms").peakBytes === online.peakBytes)
    assert(numbers(learned("cpu", "train.window" -> "12 ms")) === numbers(learned("cpu")), "one window has nothing before it")
  }
}
