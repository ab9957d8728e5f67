package spindle.job

/** A driver process of its own: runs the plan of {@link KillSuite} below the root given. */
object ProbeMain {
  val plan: HandPlan = HandPlan(
    name = "killed",
    drives = (1 to 10).map(i => s"$i mV"),
    naps = Seq("200 ms"),
    partitions = 1
  )

  def main(args: Array[String]): Unit = {
    val options = new RunOptions(args(0), Retry.NONE, false, "spindle run probe.yaml")
    val run = new SweepRun(plan, options, () => Sessions.start("local[1]"), (_, sweep) => sweep)
    sys.exit(run.run().code)
  }
}
