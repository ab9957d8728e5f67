package spindle.job

import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicInteger
import java.util.{List => JList, Map => JMap}
import spindle.task._

/** A real task that is cheap and exact: squares its drive, and misbehaves when told to. */
final class ProbeTask extends Task {
  import ProbeTask._

  override def describe(): Task.Description = new Task.Description(
    "probe",
    "Squares a drive.",
    JList.of(
      Parameter.number("net.drive", "1 mV", -1000, 1000, "what is squared"),
      Parameter.count("net.steps", 10, 1, 1000000, "steps to record"),
      Parameter.choice(
        "net.mode",
        JList.of("ok", "throw", "diverge", "stop", "oom", "contradict", "die", "share"),
        "how the trial ends"
      ),
      Parameter.number("net.nap", "0 ms", 0, 60000, "how long the trial takes"),
      Parameter.choice("sim.precision", JList.of("float32", "float64"), "unused")
    ),
    JList.of(
      Metric.of("square", "mV2", "drive squared"),
      Metric.of("draw", "", "uniform number of the seed"),
      new Metric("speed", "", "wall clock", true)
    ),
    JList.of("E", "I"),
    JList.of("v")
  )

  override def stages(): java.util.List[String] = java.util.List.of("readout")

  override def cost(trial: Trial): Cost = {
    val seconds = trial.settings.number("net.nap", Unit.MILLISECOND) / 1e3
    new Cost(1, 1, 1, seconds + 1e-3 + shared(trial).seconds, 1, 100)
  }

  /** Said to be long, so that it is spread; what is shared is the text of each piece. */
  override def shared(trial: Trial): Task.Shared =
    if (trial.settings.word("net.mode") == "share") new Task.Shared(JList.of(1, 2), 1000) else Task.Shared.NOTHING

  override def share(trial: Trial, piece: Int, workspace: Workspace): scala.Unit = {
    pieces.computeIfAbsent(s"${trial.seed} $piece", _ => new AtomicInteger).incrementAndGet()
    require(piece == 0 || workspace.open(s"${trial.seed} 0").isPresent, "a round begins when the one before has ended")
    if (piece == 1 && trial.seed % 2 == 0) throw new IllegalStateException("lost")
    workspace.save(s"${trial.seed} $piece", _.write(s"$piece".getBytes))
  }

  private def found(trial: Trial, workspace: Workspace): Seq[Int] =
    (0 until 3).filter(p => workspace.open(s"${trial.seed} $p").isPresent)

  override def run(trial: Trial, recorder: Recorder): Outcome = {
    val key = trial.settings.values.toString + trial.seed
    runs.computeIfAbsent(key, _ => new AtomicInteger).incrementAndGet()
    val s = trial.settings
    val nap = s.number("net.nap", Unit.MILLISECOND).toLong
    if (nap > 0) Thread.sleep(nap)
    record(trial, recorder)
    s.word("net.mode") match {
      case "throw"      => throw new IllegalStateException(s"no luck with seed ${trial.seed}")
      case "oom"        => fill(trial.seed)
      case "contradict" => throw new IllegalArgumentException("net.drive contradicts net.steps")
      case "die"        => Runtime.getRuntime.halt(1)
      case "share" =>
        val expected = if (trial.seed % 2 == 0) Seq(0, 2) else Seq(0, 1, 2)
        require(found(trial, recorder.workspace) == expected, "pieces come before trials")
        (0 until 3).foreach(p => recorder.workspace.drop(s"${trial.seed} $p"))
      case "diverge" => return outcome(trial, Outcome.Status.DIVERGED, s"v of E is NaN at step ${trial.seed}")
      case "stop" => return outcome(trial, Outcome.Status.STOPPED, "silent for 500 ms")
      case _      =>
    }
    outcome(trial, Outcome.Status.OK, "")
  }

  private def fill(seed: Long): scala.Unit = {
    val hoard = new java.util.ArrayList[Array[Long]]
    while (true) hoard.add(new Array[Long](Int.MaxValue - 8 - (seed % 2).toInt))
  }

  private def record(trial: Trial, recorder: Recorder): scala.Unit = {
    val steps = trial.settings.count("net.steps").toInt
    val neurons = Array.tabulate(steps)(k => ((trial.seed + k) % 7).abs.toInt)
    trial.recording.spikes.forEach { p =>
      recorder.spikes(new Recorder.SpikeChunk(p, 0, 0L, steps, Array.range(0, steps), neurons))
    }
    trial.recording.traces.forEach { t =>
      recorder.trace(
        new Recorder.TraceChunk(t.population, t.variable, "mV", 0, 0L, 1, Array(0), Array.fill(steps)(1.5f))
      )
    }
  }

  private def outcome(trial: Trial, status: Outcome.Status, reason: String): Outcome = {
    val drive = trial.settings.number("net.drive", Unit.MILLIVOLT)
    val metrics = JMap.of[String, java.lang.Double](
      "square",
      drive * drive,
      "draw",
      new java.util.Random(trial.seed).nextDouble(),
      "speed",
      System.nanoTime().toDouble
    )
    val steps = trial.settings.count("net.steps")
    new Outcome(
      status,
      reason,
      metrics,
      7,
      49,
      steps * 0.1,
      0.1,
      2 * steps,
      new Outcome.Timing(1e-3, 2e-3, 3e-3),
      "cpu",
      "cpu",
      "",
      1024,
      JMap.of[String, java.lang.Long]("E", 5L, "I", 2L),
      JMap.of("probe", "cafe"),
      JList.of(new CurvePoint("square", "train", 1, 10, drive), CurvePoint.at(20, "square", drive * drive))
    )
  }
}

object ProbeTask {

  /** How often each trial ran in this JVM, by settings and seed. */
  val runs = new ConcurrentHashMap[String, AtomicInteger]()

  /** How often each piece of shared work was done in this JVM, by seed and number. */
  val pieces = new ConcurrentHashMap[String, AtomicInteger]()

  def count: Int = {
    var sum = 0
    runs.values.forEach(n => sum += n.get)
    sum
  }
}
