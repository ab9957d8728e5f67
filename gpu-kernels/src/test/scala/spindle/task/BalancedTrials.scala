package spindle.task

import scala.collection.mutable
import scala.jdk.CollectionConverters._

import org.scalatest.Assertion
import org.scalatest.Assertions._
import spindle.backend.cuda.StandIn
import spindle.compile.Jvm

/** Runs trials of a balanced network and keeps all they record. */
trait BalancedTrials {
  def task: Task

  lazy val parameters: java.util.List[Parameter] = task.describe.parameters
  lazy val variables: Seq[String] = task.describe.variables.asScala.toSeq
  lazy val everything: Recording = recording(20, 3, 0.3)

  def recording(chunkMs: Double, neurons: Int, everyMs: Double): Recording = new Recording(
    java.util.List.of("E", "I"), chunkMs,
    (for (p <- Seq("E", "I"); v <- variables) yield new Recording.Trace(p, v, neurons, everyMs)).asJava)

  final class Kept extends Recorder {
    val spikes: mutable.ArrayBuffer[Recorder.SpikeChunk] = mutable.ArrayBuffer.empty
    val traces: mutable.ArrayBuffer[Recorder.TraceChunk] = mutable.ArrayBuffer.empty
    override def spikes(chunk: Recorder.SpikeChunk): scala.Unit = spikes += chunk
    override def trace(chunk: Recorder.TraceChunk): scala.Unit = traces += chunk

    /** Everything kept, as bits; one NaN is like the other, since processors differ in theirs. */
    def bits: Seq[Any] =
      spikes.toSeq.map(c => (c.population, c.chunk, c.startStep, c.steps, c.stepOffset.toSeq, c.neuron.toSeq)) ++
        traces.toSeq.map(c => (c.population, c.variable, c.unit, c.chunk, c.startStep, c.stride, c.neurons.toSeq,
          c.values.toSeq.map(java.lang.Float.floatToIntBits)))
  }

  def settings(values: Map[String, String]): Settings = {
    val changes = values.map { case (k, v) => k -> Value.parse(parameters.asScala.find(_.name == k).get, v) }
    Settings.defaults(parameters).`with`(changes.asJava)
  }

  def run(values: Map[String, String], seed: Long = 1, backend: String = "cpu", recording: Recording = Recording.NONE,
      guards: Guards = Guards.NONE): (Outcome, Kept) = {
    val kept = new Kept
    (task.run(new Trial(settings(values), seed, backend, recording, guards), kept), kept)
  }

  /** Runs the CPU backend in a mode of its own, whatever this JVM prefers. */
  def withMode[A](mode: String)(body: => A): A = {
    System.setProperty(Jvm.MODE_PROPERTY, mode)
    try body
    finally System.clearProperty(Jvm.MODE_PROPERTY)
  }

  def exact(o: Outcome): (Any, Any, Any, Any) = (o.status, o.spikes, o.synapses,
    o.metrics.asScala.toMap.removed("realtime_factor").view.mapValues(x => java.lang.Double.doubleToRawLongBits(x)).toMap)

  def sameEverywhere(values: Map[String, String]): Assertion = {
    val (reference, kept) = run(values, backend = "reference", recording = everything)
    assert(reference.status === Outcome.Status.OK && reference.spikes > 50)
    for (mode <- Seq("plain", "vector", "auto"); storage <- Seq("stored", "regenerated")) withMode(mode) {
      val (outcome, same) = run(values + ("net.storage" -> storage), recording = everything)
      assert(exact(outcome) === exact(reference), s"$mode, $storage")
      assert(same.bits == kept.bits, s"$mode, $storage")
    }
    // To walk regenerated rows with delays of their own takes the stand-in minutes; DelayedSuite has smaller ones.
    val storages = if (values.contains("syn.delay_law")) Seq("stored") else Seq("stored", "regenerated")
    for (_ <- StandIn.device; storage <- storages) {
      val (outcome, same) = run(values + ("net.storage" -> storage), backend = "cuda", recording = everything)
      assert(exact(outcome) === exact(reference), s"cuda, $storage")
      assert(same.bits == kept.bits, s"cuda, $storage")
    }
    succeed
  }
}
