package spindle.task

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite
import spindle.ir.Generators

@spindle.Gpu
class WorkingMemorySuite extends AnyFunSuite {
  private val task = new WorkingMemory
  private val small = Seq("task.fixation" -> "5 ms", "task.sample" -> "20 ms", "task.delay" -> "10 ms", "task.test" -> "15 ms",
    "task.directions" -> "2", "task.train" -> "48", "task.valid" -> "8", "task.tests" -> "24", "in.channels" -> "12",
    "in.peak" -> "400 Hz", "net.exc" -> "8", "net.inh" -> "4", "net.gain" -> "2", "syn.tau" -> "20 ms",
    "train.batch" -> "8", "train.epochs" -> "1", "train.rate" -> "0.01", "loss.penalty" -> "1e-4")

  private def trial(backend: String, changes: (String, String)*): Trial = {
    val parameters = task.describe().parameters().asScala
    val values = (small ++ changes).toMap.map { case (k, v) => k -> Value.parse(parameters.find(_.name == k).get, v) }
    new Trial(Settings.defaults(task.describe().parameters()).`with`(values.asJava), 5, backend, Recording.NONE, Guards.NONE)
  }

  private def run(trial: Trial): Outcome = task.run(trial, new Recorder {
    override def spikes(chunk: Recorder.SpikeChunk): scala.Unit = fail("records nothing")
    override def trace(chunk: Recorder.TraceChunk): scala.Unit = fail("records nothing")
    override def workspace(): Workspace = Workspace.NONE
  })

  private def numbers(o: Outcome) = (o.status, o.metrics.asScala.toMap - "t_train", o.curve.asScala.toSeq)

  test("every backend learns the same bits") {
    val few = Seq("task.train" -> "16", "task.tests" -> "8")
    val reference = run(trial("reference", few: _*))
    assert(reference.status === Outcome.Status.OK)
    assert(reference.metrics.get("spikes_per_inference") > 1)
    for (backend <- Generators.names) assert(numbers(run(trial(backend, few: _*))) === numbers(reference), backend)
  }

  test("it learns to tell a match without a delay") {
    val easy = Seq("task.delay" -> "0 ms", "task.train" -> "160", "task.tests" -> "96", "train.epochs" -> "10", "train.rate" -> "0.02")
    val learned = run(trial("cpu", easy: _*))
    assert(learned.metrics.get("accuracy_test") > 0.75)
    val losses = learned.curve.asScala.filter(p => p.metric == "loss" && p.split == "train").map(_.value)
    assert(losses.last < 0.75 * losses.head)
  }

  test("contradictions are told before anything runs") {
    def conflicts(changes: (String, String)*) = task.check(trial("cpu", changes: _*)).asScala.map(_.message)
    assert(conflicts() === Seq())
    assert(conflicts("task.delay" -> "2.5 ms").head.startsWith("task.delay = 2.5 ms must be a multiple of sim.dt = 1 ms"))
    assert(conflicts("train.window" -> "7 ms") === Seq("the trial of 50 ms must be a multiple of train.window = 7 ms"))
    assert(conflicts("in.peak" -> "1000 Hz").head.contains("needs more than one spike per step"))
    assert(conflicts("neuron.tau_slow_min" -> "4 s").head.contains("must be at most neuron.tau_slow_max = 3000 ms"))
  }
}
