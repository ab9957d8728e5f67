package spindle.job

import java.nio.file.Files
import spindle.sweep.ExitCode
import org.scalatest.funsuite.AnyFunSuite
import scala.jdk.CollectionConverters._
import spindle.result._
import spindle.sweep.PlannedTrial
import spindle.sweep.Sweep.Reuse
import spindle.task.{Recorder, Recording, Trial}

class ResumeSuite extends AnyFunSuite with SharedSpark {
  private def ran(work: => Any): Int = {
    val before = ProbeTask.count
    work
    ProbeTask.count - before
  }

  test("a second run simulates nothing and asks for no session") {
    val plan = HandPlan(name = "again")
    assert(ran(run(plan)) === plan.size)
    Files.writeString(layout(plan).report, "page")
    val second = new SweepRun(
      plan,
      new RunOptions(root.toString, Retry.NONE, false, ""),
      () => fail("a session was asked for"),
      (_, _) => fail("a report was asked for")
    )
    assert(ran(assert(second.run() === ExitCode.OK)) === 0)
  }

  test("a second run shows where the report is, and writes it again if it is gone") {
    val plan = HandPlan(name = "paged")
    run(plan)
    var written = 0
    def again(): String = {
      val out = new java.io.ByteArrayOutputStream
      val old = System.out
      System.setOut(new java.io.PrintStream(out, true))
      try
        new SweepRun(
          plan,
          new RunOptions(root.toString, Retry.NONE, false, ""),
          () => spark,
          (_, sweep) => { written += 1; Files.writeString(sweep.resolve("report.html"), "page") }
        ).run()
      finally System.setOut(old)
      out.toString
    }
    for (times <- Seq(1, 1)) {
      assert(again().contains(s"report: ${layout(plan).report}"))
      assert(written === times)
    }
  }

  test("a changed plan runs only what is new, and aggregates only what is planned") {
    val plan = HandPlan(drives = Seq("1 mV", "2 mV"))
    run(plan)
    val changed = plan.copy(drives = Seq("2 mV", "3 mV", "4 mV"))
    assert(ran(run(changed)) === 4)
    assert(table(changed, Table.TRIALS).count() === 8)
    val present = changed.trials.asScala.map(_.trialId).toSet
    val marked = table(changed, Table.TRIALS).where("in_plan").select("trial_id").collect().map(_.getString(0)).toSet
    assert(marked === present, "reused trials bear the old plan_id, and yet are of the present plan")
    val planned = table(changed, Table.AGGREGATES).where("metric = 'square'").orderBy("mean")
    assert(planned.collect().map(_.getAs[Double]("mean")).toSeq === Seq(4.0, 9.0, 16.0))
    assert(ran(run(plan)) === 0, "the first plan is committed still")
    assert(table(plan, Table.AGGREGATES).where("metric = 'square'").count() === 2)
  }

  test("failed trials run again only when asked, and a later success replaces the failure") {
    val plan = HandPlan(drives = Seq("1 mV"), modes = Seq("throw", "ok"))
    assert(run(plan) === ExitCode.FAILED_TRIALS)
    assert(ran(run(plan)) === 0)
    assert(ran(run(plan, Retry.FAILED)) === 2)
    assert(table(plan, Table.TRIALS).count() === 4)
    assert(table(plan, Table.FAILURES).count() === 4)
  }

  test("a trial that is to record more runs again, and its new result is the one published") {
    val plan = HandPlan(drives = Seq("1 mV"))
    run(plan)
    val more = plan.copy(recording = new Recording(java.util.List.of("E"), 100, java.util.List.of()))
    assert(ran(run(more)) === 2)
    assert(table(more, Table.TRIALS).count() === 2)
    assert(table(more, Table.SPIKES).count() === 2)
    assert(ran(run(plan.copy(reuse = Reuse.PARAMS))) === 0)
    assert(ran(run(plan.copy(reuse = Reuse.NONE))) === 2)
  }

  test("a driver that died mid-way, before a commit or before a publication, loses nothing") {
    val plan = HandPlan(drives = (1 to 8).map(i => s"$i mV"))
    run(plan)
    val l = layout(plan)
    // As a crash leaves it: some packs committed, their neighbours not, nothing published.
    Files.delete(l.commits.resolve(new Journal(l).names.get(0)))
    Table.values.foreach(t => delete(l.table(t)))
    delete(l.published)
    val kept = new Journal(l).fresh.asScala.map(_.rows).sum
    assert(ran(run(plan)) === plan.size - kept)
    assert(table(plan, Table.TRIALS).select("trial_id").distinct().count() === plan.size)
    assert(table(plan, Table.TRIALS).count() === plan.size)
  }

  test("a run whose driver died is closed by the next one, at its last sign of life") {
    val plan = HandPlan(drives = Seq("1 mV"))
    run(plan)
    val l = layout(plan)
    val dead = RunRecord.newest(l).get
    val forgotten = Files.readString(l.run(dead.runId)).replaceAll("(\"(finished_at|outcome)\" *: *)\"[^\"]*\"", "$1\"\"")
    Files.writeString(l.run(dead.runId), forgotten)
    val seen = SweepStatus.of(l).get.updatedAt
    run(plan.copy(replicates = 3))
    val row = table(plan, Table.PROVENANCE).where(s"run_id = '${dead.runId}'").first()
    assert(row.getAs[String]("outcome") === "interrupted")
    assert(row.getAs[java.sql.Timestamp]("finished_at").toInstant === java.time.Instant.parse(seen).truncatedTo(java.time.temporal.ChronoUnit.MICROS))
  }

  test("what is committed can be published before the run has ended, and by two at once") {
    val plan = HandPlan(drives = Seq("1 mV"))
    run(plan)
    val l = layout(plan)
    Table.values.foreach(t => delete(l.table(t)))
    delete(l.published)
    val both = (1 to 2).map(_ => new Thread(() => new Publisher(spark, l, _ => ()).catchUp()))
    both.foreach(_.start())
    both.foreach(_.join())
    assert(table(plan, Table.TRIALS).where("in_plan").count() === plan.size)
    val empty = Root.open(root.toString, "empty")
    assert(intercept[StorageException](new Publisher(spark, empty, _ => ()).catchUp()).getMessage.contains("no committed trial yet"))
  }

  test("a crash between the renames of a publication is mended by the next run") {
    val plan = HandPlan(drives = Seq("1 mV"))
    run(plan)
    val l = layout(plan)
    Files.createDirectories(l.version(1))
    for (t <- Seq(Table.TRIALS, Table.METRICS)) Files.move(l.table(t), l.version(1).resolve(t.folder))
    assert(ran(assert(run(plan) === ExitCode.OK)) === 0)
    assert(table(plan, Table.METRICS).where("step is null").count() === 6)
  }

  test("publishing leaves the version before and no empty folder behind") {
    val plan = HandPlan(drives = Seq("1 mV"))
    def versions: Seq[String] = {
      val list = Files.list(layout(plan).published)
      try list.iterator.asScala.map(_.getFileName.toString).filter(_.startsWith("v=")).toSeq.sorted
      finally list.close()
    }
    run(plan)
    assert(versions === Nil)
    for (n <- 2 to 3) {
      run(plan.copy(replicates = n + 1))
      assert(versions === Seq(s"v=${n - 1}"))
    }
  }

  /** Commits of a pack by hand. */
  private class ByHand(name: String) {
    val plan: HandPlan = HandPlan(name = name, drives = (1 to 4).map(i => s"$i mV"), replicates = 1)
    val l: Layout = Root.open(root.toString, plan.name)
    val trials: Seq[PlannedTrial] = plan.trials.asScala.toSeq
    private val task = new ProbeTask
    private val none = java.util.List.of[String]()
    private val header = new RunHeader(l, "01RUN", plan.planId, "cpu", none, none, java.util.Map.of())

    def attempt(n: Int): GroupCommit =
      new GroupCommit(header, task.describe, new GroupCommit.Attempt("f" * 32, 4, 0, 0, n), "here")

    def end(i: Int, recorder: Recorder): TrialEnd = {
      val t = trials(i)
      val trial = new Trial(plan.settings(t), t.seed, "cpu", plan.sweep.recording, plan.sweep.guards)
      val now = java.time.Instant.now()
      new TrialEnd(t, trial.settings, new TrialEnd.Ending.Returned(task.run(trial, recorder)), now, now, 0, "")
    }

    def records: Seq[CommitRecord] = new Journal(l).fresh.asScala.toSeq
  }

  test("an attempt that loses a commit drops what the winner has and commits the rest") {
    val hand = new ByHand("race")
    import hand._
    val (first, second) = (attempt(0), attempt(1))
    def finish(commits: GroupCommit, chosen: Int*): Unit = {
      for (i <- chosen if !commits.done(trials(i).trialId)) commits.add(end(i, commits.begin(trials(i).trialId)))
      commits.flush()
      commits.close()
    }
    finish(first, 0, 1)
    finish(second, 0, 1, 2, 3)
    val ids = records.flatMap(_.trials.asScala.map(_.trialId))
    assert(ids.sorted === trials.map(_.trialId).sorted)
    assert(records.map(_.n) === records.indices)
    assert(attempt(2).done(trials(3).trialId))
  }

  test("trials that run side by side share files, which are committed when all have ended or were abandoned") {
    val hand = new ByHand("side")
    import hand._
    val commits = attempt(0)
    def begin(i: Int): Recorder = commits.begin(trials(i).trialId)
    def record(to: Recorder): Unit = to.spikes(new Recorder.SpikeChunk("E", 0, 0, 1, Array(0), Array(1)))
    val quiet = end(3, begin(3))
    val open = (0 to 2).map(begin)
    commits.add(quiet)
    commits.flush()
    assert(records.map(_.rows) === Seq(1), "nobody has recorded yet")
    open.foreach(record)
    commits.add(end(0, open(0)))
    commits.flush()
    assert(records.size === 1, "others still write to its file")
    commits.abandon(trials(2).trialId)
    commits.add(end(1, open(1)))
    commits.flush()
    record(begin(2))
    commits.abandon(trials(2).trialId)
    commits.flush()
    val again = begin(2)
    record(again)
    commits.add(end(2, again))
    commits.flush()
    commits.close()
    assert(records.map(_.rows) === Seq(1, 2, 1))
    val spikes = records.map(_.files.asScala.map(_.path).filter(_.contains("spikes")))
    assert(spikes.map(_.size) === Seq(0, 1, 1) && spikes.flatten.distinct.size === 2, "its next attempt is in another file")
    val files = Files.list(l.bulk(Table.SPIKES))
    try assert(files.count() === 2, "what only abandoned trials recorded is gone")
    finally files.close()
  }

  test("a live driver is not disturbed by a second one") {
    val plan = HandPlan(name = "held")
    val l = Root.open(root.toString, plan.name)
    val lease = Lease.take(l, "01OTHER", false)
    try assert(ran(intercept[SweepHeldException](run(plan))) === 0)
    finally lease.close()
  }

  test("an unwritable root is refused before anything is simulated") {
    val plan = HandPlan(name = "nowhere")
    val file = Files.createTempFile(root, "a", "file")
    val options = new RunOptions(file.toString, Retry.NONE, false, "")
    val sweep = new SweepRun(plan, options, () => fail("a session was asked for"), (_, p) => p)
    assert(ran(intercept[StorageException](sweep.run())) === 0)
  }
}
