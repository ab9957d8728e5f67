package spindle.cli

import java.nio.file.Files

import org.scalatest.funsuite.AnyFunSuite
import picocli.CommandLine
import spindle.job.SharedSpark
import spindle.result.{Layout, Table}

/** Gradient search from the sweep file to the tables. */
class RefineRunSuite extends AnyFunSuite with SharedSpark {
  private val yaml =
    """sweep: refined
      |schema: 1
      |model: coba-lif
      |fixed: {net.neurons: 100, net.degree: 20, sim.duration: 10 ms}
      |axes:
      |  syn.g_exc: {log: [4 nS, 16 nS]}
      |  net.connectivity: {choice: [bernoulli, fixed-in-degree]}
      |sampling: {method: latin, n: 2, seed: 1, over: [syn.g_exc]}
      |refine: {params: [syn.g_exc], targets: {mean_rate: 20 Hz, g_exc_mean: 2}, steps: 3, window: 4 ms, reach: 2 ms}
      |""".stripMargin

  private def run(set: String*): Int = {
    spark // the session of the suite, before the command would start its own
    val config = Files.writeString(root.resolve("a.yaml"), yaml).toString
    val overrides = set.flatMap(s => Seq("--set", s))
    val command = new RunCommand((_, sweep) => Files.writeString(sweep.resolve("report.html"), "page"))
    new CommandLine(command).execute(Seq(config, "--root", root.toString) ++ overrides: _*)
  }

  private def rows(table: Table) = spark.read.parquet(Layout.of(root, "refined").table(table).toString)

  test("every start is a trial with its path; a second run does nothing, another search is another trial") {
    assert(run() === 0)
    val metrics = rows(Table.METRICS)
    assert(rows(Table.TRIALS).where("status = 'ok'").count() === 4)
    val path = metrics.where("metric = 'syn.g_exc' and step is not null")
    assert(path.groupBy("trial_id").count().collect().map(_.getLong(1)).toSeq === Seq.fill(4)(4L))
    val starts = path.where("step = 0").select("trial_id", "value").join(rows(Table.PARAMS).where("name = 'syn.g_exc'"), "trial_id")
    assert(starts.where("abs(value - value_d) > 1e-9 * value").isEmpty && starts.count() === 4)
    val ends = path.where("step = 3").as("p").join(metrics.where("metric = 'syn.g_exc' and step is null").as("m"), "trial_id")
    assert(ends.where("p.value <> m.value").isEmpty && ends.select("p.value").distinct().count() === 4)
    assert(metrics.where("metric = 'syn.g_exc'").select("unit").distinct().collect().map(_.getString(0)).toSeq === Seq("nS"))

    val before = rows(Table.TRIALS).select("trial_id", "finished_at").collect().toSet
    assert(run() === 0)
    assert(rows(Table.TRIALS).select("trial_id", "finished_at").collect().toSet === before)
    assert(run("refine.steps=2") === 0)
    assert(rows(Table.TRIALS).where("in_plan").count() === 4)
    assert(rows(Table.TRIALS).count() === 8)
  }
}
