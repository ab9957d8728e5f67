package spindle.job

import java.nio.file.Files
import spindle.sweep.ExitCode
import org.scalatest.funsuite.AnyFunSuite
import scala.jdk.CollectionConverters._
import spindle.result._
import spindle.sweep.Sweep.Reuse
import spindle.task.Recording

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

  test("an attempt that loses a commit drops what the winner has and commits the rest") {
    val plan = HandPlan(name = "race", drives = (1 to 4).map(i => s"$i mV"), replicates = 1)
    val l = Root.open(root.toString, plan.name)
    val task = new ProbeTask
    val header = new RunHeader(
      l,
      "01RUN",
      plan.planId,
      "cpu",
      java.util.List.of(),
      java.util.List.of(),
      java.util.Map.of()
    )
    def attempt(n: Int) =
      new GroupCommit(header, task.describe, new GroupCommit.Attempt("f" * 32, 4, 0, 0, n), "here")
    val (first, second) = (attempt(0), attempt(1))
    val trials = plan.trials.asScala.toSeq
    def finish(commits: GroupCommit, chosen: Int*): Unit = {
      chosen.foreach { i =>
        commits.begin(trials(i).trialId)
        val trial = new spindle.task.Trial(
          plan.settings(trials(i)),
          trials(i).seed,
          "cpu",
          plan.sweep.recording,
          plan.sweep.guards
        )
        val ending = new TrialEnd.Ending.Returned(task.run(trial, commits.begin(trials(i).trialId)))
        val now = java.time.Instant.now()
        commits.add(new TrialEnd(trials(i), trial.settings, ending, now, now, 0, ""))
      }
      commits.flush()
      commits.close()
    }
    finish(first, 0, 1)
    finish(second, 0, 1, 2, 3)
    val records = new Journal(l).fresh.asScala
    val ids = records.flatMap(_.trials.asScala.map(_.trialId))
    assert(ids.sorted === trials.map(_.trialId).sorted)
    assert(records.map(_.n).toSeq === Seq(0, 1))
    assert(attempt(2).done(trials(3).trialId))
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
