package spindle.job

import java.util.{Iterator => JIterator, List => JList, Map => JMap}
import scala.jdk.CollectionConverters._
import spindle.result.Digests
import spindle.sweep._
import spindle.task._

/** A plan by hand: drives x modes x replicates of the probe task. */
final case class HandPlan(
    name: String = "probe-sweep",
    drives: Seq[String] = Seq("1 mV", "2 mV", "3 mV"),
    modes: Seq[String] = Seq("ok"),
    replicates: Int = 2,
    naps: Seq[String] = Seq("0 ms"),
    partitions: Int = 2,
    maxFailed: Double = 1.0,
    sameError: Int = 0,
    recording: Recording = Recording.NONE,
    order: Sweep.Execution.Order = Sweep.Execution.Order.LONGEST_FIRST,
    onAbort: Sweep.Execution.OnAbort = Sweep.Execution.OnAbort.DRAIN,
    reuse: Sweep.Reuse = Sweep.Reuse.EXACT,
    root: String = "",
    stage: String = ""
) extends Plan {
  private val parameters = new ProbeTask().describe().parameters
  private def value(name: String, text: String): Value =
    Value.parse(parameters.asScala.find(_.name == name).get, text)
  private def axis(name: String, texts: Seq[String]) =
    Axis.listed(name, texts.map(value(name, _)).asJava)
  private def staged(a: Axis) = new Axis(a.name, a.values, a.kind, a.round, stage)

  override val sweep: Sweep = new Sweep(
    name,
    "by hand",
    "probe",
    Settings.defaults(parameters),
    JList.of(axis("net.drive", drives), axis("net.mode", modes), staged(axis("net.nap", naps))),
    new Sweep.Replicates(replicates, 42, false),
    recording,
    Guards.NONE,
    new Sweep.Execution(
      "auto",
      partitions,
      maxFailed,
      sameError,
      order,
      onAbort
    ),
    JList.of[String](),
    root,
    s"sweep: $name\npassword: hunter2\n",
    JList.of[String](),
    Selection.ALL,
    Sweep.Budget.NONE,
    reuse,
    java.util.Set.of[String](),
    Refinement.NONE
  )

  private val points = for (d <- drives; m <- modes; n <- naps; r <- 0 until replicates) yield (d, m, n, r)

  private def settingsOf(point: (String, String, String, Int)): Settings = sweep.fixed.`with`(
    JMap.of(
      "net.drive",
      value("net.drive", point._1),
      "net.mode",
      value("net.mode", point._2),
      "net.nap",
      value("net.nap", point._3)
    )
  )

  private def planned(i: Int): PlannedTrial = {
    val (d, m, n, r) = points(i)
    val config = Digests.text(s"$d $m $n").substring(0, 32)
    val seed = Digests.text(s"$config $r").hashCode.toLong.abs
    val trial = Digests.text(s"$config $seed $r").substring(0, 32)
    new PlannedTrial(i.toLong, trial, config, Digests.text(trial + " 1 " + recording).substring(0, 32), r, seed)
  }

  override def planId: String =
    Digests.pack(points.indices.map(planned(_).trialId).asJava)
  override def size: Long = points.size.toLong
  override def trials: JIterator[PlannedTrial] = points.indices.iterator.map(planned).asJava
  override def settings(trial: PlannedTrial): Settings = settingsOf(points(trial.index.toInt))
}
