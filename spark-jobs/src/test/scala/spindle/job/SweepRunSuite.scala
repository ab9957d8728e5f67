package spindle.job

import java.nio.file.Files
import java.util.{List => JList}
import org.apache.spark.sql.functions._
import org.scalatest.funsuite.AnyFunSuite
import scala.jdk.CollectionConverters._
import spindle.result.{Journal, StageFiles, Table}
import spindle.sweep.ExitCode
import spindle.sweep.Sweep.Execution.{OnAbort, Order}
import spindle.task.Recording

import scala.jdk.CollectionConverters._

class SweepRunSuite extends AnyFunSuite with SharedSpark {
  private val recording =
    new Recording(JList.of("E", "I"), 100, JList.of(new Recording.Trace("E", "v", 1, 1)))

  test("every trial of a plan becomes one row with its metrics, parameters, spikes and traces") {
    val plan = HandPlan(recording = recording)
    assert(run(plan) === ExitCode.OK)
    assert(table(plan, Table.TRIALS).where("status = 'ok'").count() === plan.size)
    assert(table(plan, Table.METRICS).where("step is null").count() === 3 * plan.size)
    assert(table(plan, Table.PARAMS).count() === 5 * plan.size)
    assert(table(plan, Table.SPIKES).agg(sum("n_spikes")).first().getLong(0) === 20 * plan.size)
    assert(table(plan, Table.TRACES).agg(sum("n_rows")).first().getLong(0) === 10 * plan.size)
    val square = table(plan, Table.METRICS)
      .where("metric = 'square' and step is null")
      .join(table(plan, Table.TRIALS), "trial_id")
      .select(expr("value = params['net.drive'] * params['net.drive']"))
    assert(square.distinct().collect().map(_.getBoolean(0)).toSeq === Seq(true))
  }

  test("a curve is rows with step, epoch and split; it stays out of the aggregates") {
    val plan = HandPlan(name = "curve")
    assert(run(plan) === ExitCode.OK)
    val points = table(plan, Table.METRICS).where("step is not null")
    val kinds = points.selectExpr("metric", "step", "epoch", "split").distinct().orderBy("step").collect()
    assert(kinds.map(_.toSeq).toSeq === Seq(Seq("square", 10L, 1, "train"), Seq("square", 20L, null, null)))
    assert(points.count() === 2 * plan.size)
    assert(table(plan, Table.AGGREGATES).where("split is not null").isEmpty)
  }

  test("tables are equal bit for bit for 1, 2 and 7 partitions, times and run ids apart") {
    val all = Seq(1, 2, 7).map { n =>
      val plan = HandPlan(
        name = s"parts-$n",
        modes = Seq("ok", "throw", "diverge", "stop"),
        partitions = n,
        recording = recording
      )
      assert(run(plan) === ExitCode.FAILED_TRIALS)
      timeless(plan)
    }
    assert(all(0) === all(1))
    assert(all(0) === all(2))
  }

  test("a trial that throws, diverges, is stopped or runs out of memory leaves the others alone") {
    val plan = HandPlan(
      drives = Seq("2 mV"),
      modes = Seq("throw", "ok", "diverge", "oom", "stop", "contradict"),
      partitions = 1
    )
    assert(run(plan) === ExitCode.FAILED_TRIALS)
    val trials = table(plan, Table.TRIALS)
    def ends(mode: String) = trials.where(s"params_text['net.mode'] = '$mode'").groupBy("status").count().collect()
    for (
      (mode, status) <- Seq(
        "throw" -> "failed",
        "ok" -> "ok",
        "diverge" -> "diverged",
        "oom" -> "failed",
        "stop" -> "stopped",
        "contradict" -> "failed"
      )
    ) assert(ends(mode).map(_.toSeq).toSeq === Seq(Seq(status, 2L)), mode)
    assert(trials.where("status in ('ok', 'failed') and not (backend = 'cpu' and device like 'cpu,%')").isEmpty, "where it ran")
    val failures = table(plan, Table.FAILURES)
    val classes = failures.groupBy("class").agg(countDistinct("fingerprint"), count("*")).collect()
    assert(classes.map(r => (r.getString(0), r.getLong(1), r.getLong(2))).toSet ===
      Set(("bug", 1L, 2L), ("config", 1L, 2L), ("diverged", 1L, 2L), ("oom_host", 1L, 2L)))
    assert(failures.where("class = 'bug' and stack like '%ProbeTask%'").count() === 2)
  }

  test("a trial names the pack that its commit record names, with its size") {
    val plan = HandPlan(drives = (1 to 9).map(i => s"$i mV"), partitions = 2)
    run(plan)
    val packs = table(plan, Table.TRIALS).groupBy("pack_id", "pack_size").count().collect()
    assert(packs.map(r => r.getInt(1).toLong).toSeq === packs.map(_.getLong(2)).toSeq)
    val committed = new Journal(layout(plan)).fresh.asScala.map(_.packId).toSet
    assert(packs.map(_.getString(0)).toSet === committed && committed.size === 2)
  }

  test("a trial that a guard stopped is counted as stopped, with its reason, and not as failed") {
    val plan = HandPlan(drives = Seq("1 mV"), modes = Seq("stop", "diverge", "ok"))
    run(plan)
    val counts = table(plan, Table.AGGREGATES).where("metric = 'square'").collect()
      .map(r => (r.getAs[Long]("n"), r.getAs[Long]("n_failed"), r.getAs[Long]("n_stopped"))).toSet
    assert(counts === Set((2L, 0L, 0L), (0L, 2L, 0L), (0L, 0L, 2L)))
    assert(table(plan, Table.FAILURES).where("class <> 'diverged'").count() === 0)
    val stopped = new Journal(layout(plan)).fresh.asScala.flatMap(_.trials.asScala).filter(_.stopped)
    assert(stopped.map(_.fault.message).toSet === Set("silent for 500 ms"))
  }

  test("provenance has the hashes of the programs that ran, a trial the sizes of its populations") {
    val plan = HandPlan(drives = Seq("1 mV"))
    run(plan)
    assert(table(plan, Table.PROVENANCE).first().getAs[Map[String, String]]("kernel_hashes") === Map("probe" -> "cafe"))
    assert(table(plan, Table.TRIALS).first().getAs[Map[String, Long]]("population_sizes") === Map("E" -> 5L, "I" -> 2L))
  }

  test("the status is there as soon as the plan is") {
    val plan = HandPlan(drives = Seq("1 mV"))
    var seen = ""
    new SweepRun(plan, new RunOptions(root.toString, Retry.NONE, false, ""), () => {
      seen = Files.readString(layout(plan).status)
      spark
    }, (_, sweep) => sweep).run()
    assert(seen.contains("\"running\"") && seen.contains(plan.planId))
  }

  test("provenance tells each run, and hides secrets") {
    val plan = HandPlan()
    assert(run(plan) === ExitCode.OK)
    assert(run(plan.copy(replicates = 3)) === ExitCode.OK)
    val runs = table(plan, Table.PROVENANCE).collect()
    assert(runs.length === 2)
    assert(runs.forall(_.getAs[String]("outcome") == "ok"))
    assert(!runs.exists(_.toString.contains("hunter2")))
    assert(runs.forall(_.getAs[String]("spark_version") == spark.version))
    assert(runs.forall(_.isNullAt(runs(0).fieldIndex("git_commit"))), "there is no sweep file")
    assert(runs.forall(_.getAs[String]("resolved_yaml").contains("replicates: {n: ")))
    assert(table(plan, Table.TRIALS).select("backend").distinct().collect().map(_.getString(0)).toSeq === Seq("cpu"))
  }

  test("aggregates have a row per configuration and metric, also where nothing went well") {
    val plan = HandPlan(drives = Seq("2 mV"), modes = Seq("ok", "throw"), replicates = 5)
    assert(run(plan) === ExitCode.FAILED_TRIALS)
    val rows = table(plan, Table.AGGREGATES).where("metric = 'square'").orderBy("n").collect()
    assert(rows.map(r => (r.getAs[Long]("n"), r.getAs[Long]("n_failed"))).toSeq === Seq((0L, 5L), (5L, 0L)))
    assert(rows(0).isNullAt(rows(0).fieldIndex("mean")))
    assert(rows(1).getAs[Double]("mean") === 4.0)
    assert(rows(1).getAs[Double]("std") === 0.0)
  }

  test("same_error ends a sweep that fails alike from the start, and keeps what ended") {
    val plan = HandPlan(
      drives = (1 to 20).map(i => s"$i mV"),
      modes = Seq("throw"),
      naps = Seq("150 ms"),
      sameError = 3
    )
    assert(run(plan) === ExitCode.ABORTED)
    val kept = table(plan, Table.TRIALS).count()
    assert(kept >= 3 && kept < plan.size)
  }

  test("a limit that only the last trial exceeds aborts nothing, the first time and in a retry") {
    val plan = HandPlan(name = "last", drives = Seq("1 mV"), modes = Seq("throw"), replicates = 1, maxFailed = 0)
    assert(run(plan) === ExitCode.FAILED_TRIALS)
    assert(run(plan, Retry.FAILED) === ExitCode.FAILED_TRIALS)
  }

  test("an aborted sweep may cancel the trials that run") {
    val plan = HandPlan(
      drives = Seq("1 mV"),
      modes = Seq("throw"),
      naps = Seq("0 ms", "20000 ms"),
      replicates = 1,
      partitions = 1,
      maxFailed = 0,
      order = Order.PLAN,
      onAbort = OnAbort.CANCEL
    )
    assert(run(plan) === ExitCode.ABORTED)
    assert(table(plan, Table.TRIALS).count() === 1)
  }

  test("long work that trials share is spread over tasks, each piece once, and a lost piece harms no one") {
    ProbeTask.pieces.clear()
    val plan = HandPlan(name = "spread", modes = Seq("share"), replicates = 1)
    assert(run(plan) === ExitCode.OK)
    val seeds = plan.trials.asScala.map(_.seed).toSeq
    val expected = for (s <- seeds; p <- 0 until 3) yield s"$s $p"
    assert(ProbeTask.pieces.keySet.asScala === expected.toSet)
    assert(ProbeTask.pieces.values.asScala.forall(_.get == 1))
    assert(run(plan) === ExitCode.OK)
    assert(ProbeTask.pieces.values.asScala.forall(_.get == 1), "a finished sweep spreads nothing")
  }

  test("what trials shared goes with a finished sweep, unless an axis of a later stage begins from it") {
    for ((stage, mode, kept) <- Seq(("", "ok", false), ("readout", "ok", true), ("", "throw", true))) {
      val plan = HandPlan(name = s"files-$stage-$mode", drives = Seq("1 mV"), modes = Seq(mode), replicates = 1, stage = stage)
      val files = new StageFiles(layout(plan))
      files.save("states", _.write("after all images".getBytes))
      run(plan)
      assert(files.open("states").isPresent === kept && Files.exists(layout(plan).stages) === kept, s"$stage $mode")
    }
  }

  test("no journal file or record is made per trial") {
    val plan = HandPlan(drives = (1 to 300).map(i => s"$i mV"))
    assert(run(plan) === ExitCode.OK)
    val commits = Files.list(layout(plan).commits())
    try assert(commits.count() <= 6)
    finally commits.close()
  }

  /** Every table as text without what the clock and the run put into it. */
  private def timeless(plan: HandPlan): Seq[String] = {
    val clock = Set("run_id", "plan_id", "sweep", "started_at", "finished_at", "wall_ms", "at", "computed_at") ++
      Set("t_queue_s", "t_write_s", "pack_id", "pack_size")
    Table.values.toSeq.filterNot(_ == Table.PROVENANCE).flatMap { t =>
      val rows = table(plan, t)
      val kept = rows.columns.filterNot(clock).map(col)
      val steady = if (t == Table.METRICS || t == Table.AGGREGATES) rows.where("metric <> 'speed'") else rows
      steady.select(kept.toSeq: _*).toJSON.collect().toSeq
    }
  }
}
