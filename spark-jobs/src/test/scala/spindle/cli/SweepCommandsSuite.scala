package spindle.cli

import java.io.{PrintWriter, StringWriter}
import java.nio.file.{Files, Path}
import org.scalatest.funsuite.AnyFunSuite
import picocli.CommandLine
import scala.jdk.CollectionConverters._
import spindle.job.SharedSpark
import spindle.result.{CommitRecord, Journal, Layout, Lease, Root, Table}

class SweepCommandsSuite extends AnyFunSuite with SharedSpark {
  private val yaml =
    """sweep: probe-sweep
      |schema: 1
      |model: probe
      |axes:
      |  net.drive: {values: [1 mV, 2 mV]}
      |  net.mode: {choice: [ok, throw]}
      |replicates: {n: 2, seed: 1}
      |execution: {failures: {max_fraction: 1.0}}
      |""".stripMargin

  private def config: String = Files.writeString(root.resolve("a.yaml"), yaml).toString

  private def call(command: Any, arguments: String*): (Int, String) = {
    val text = new StringWriter
    val line = new CommandLine(command).setOut(new PrintWriter(text)).setErr(new PrintWriter(text))
    val code = line.execute(arguments: _*)
    (code, text.toString)
  }

  private def runCommand = {
    spark // the session of the suite, before the command would start its own
    new RunCommand((_, sweep) => Files.writeString(sweep.resolve("report.html"), "page"))
  }

  private def sweep: String = root.resolve("probe-sweep").toString

  test("run with backend cuda on a machine without a GPU says in a line what is missing, and exits 2") {
    val why = spindle.sim.Backends.missing("cuda")
    if (why.isEmpty) cancel("this machine has a GPU")
    val (code, said) = call(runCommand, config, "--root", root.toString, "--set", "execution.backend=cuda")
    assert(code === 2 && said === s"execution.backend cuda: $why\n")
    assert(!Files.exists(root.resolve("probe-sweep")))
  }

  test("run, status, failures, report and export tell one story") {
    assert(call(runCommand, config, "--root", root.toString)._1 === 3)

    val (ok, status) = call(new StatusCommand, sweep)
    assert(ok === 0)
    assert(status.contains("probe-sweep: finished, 8 of 8 trials done"))
    assert(status.contains("committed: 8 trials (4 failed, 4 ok)"))

    val (_, failures) = call(new FailuresCommand, sweep)
    assert(failures.contains("4 x bug ["))
    assert(failures.contains("IllegalStateException: no luck with seed"))
    assert(failures.contains("net.mode = throw"))
    assert(failures.contains("at spindle.job.ProbeTask.run"))
    assert(failures.contains(s"spindle run $root/a.yaml --root $root --retry failed"))

    val report = new ReportCommand((_, folder) => folder.resolve("report.html"))
    assert(call(report, sweep)._2 === s"report: $sweep/report.html\n")

    val csv = root.resolve("csv")
    assert(call(new ExportCommand, sweep, "--csv", csv.toString)._1 === 0)
    val trials = Files.readAllLines(csv.resolve("trials.csv")).asScala
    assert(trials.head.startsWith("trial_id,config_id,result_key,sweep,"))
    assert(trials.count(_.contains(",probe-sweep,")) === 8)
    assert(trials(1).contains("\"{\"\"net.drive\"\":"))
  }

  test("failures shows what guards stopped under a heading of its own") {
    call(runCommand, config, "--root", root.toString, "--set", "axes.net.mode={choice: [ok, stop]}")
    val (_, text) = call(new FailuresCommand, sweep)
    assert(text.startsWith(s"no failures in $sweep\nstopped by a guard of the sweep, which is no failure:\n4 x stopped ["))
    assert(text.contains("silent for 500 ms") && text.contains("net.mode = stop") && !text.contains("--retry"))
  }

  test("report and export show what is committed, published or not") {
    call(runCommand, config, "--root", root.toString)
    val layout = new Layout(sweep)
    Table.values.foreach(t => delete(layout.table(t)))
    delete(layout.published)
    assert(call(new ReportCommand((_, folder) => folder.resolve("report.html")), sweep)._1 === 0)
    assert(spark.read.parquet(layout.table(Table.TRIALS).toString).count() === 8)
    delete(layout.published)
    val csv = root.resolve("csv")
    assert(call(new ExportCommand, sweep, "--csv", csv.toString)._1 === 0)
    assert(Files.readAllLines(csv.resolve("trials.csv")).size > 8)
  }

  test("a sweep that has committed nothing yet says so, in every command") {
    val layout = Root.open(root.toString, "probe-sweep")
    val (code, status) = call(new StatusCommand, sweep)
    assert(code === 0 && status.startsWith("committed: 0 trials\npublished: nothing yet\n"))
    val (no, text) = call(new ReportCommand((_, folder) => folder), sweep)
    assert(no === 2 && text.startsWith(s"${layout.sweep} has no committed trial yet"))
  }

  test("after a kill, status tells what is committed and not what the driver last hoped") {
    call(runCommand, config, "--root", root.toString)
    val layout = new Layout(sweep)
    val gone = layout.commits.resolve(new Journal(layout).names.get(0))
    val lost = spindle.result.Json.read(gone, classOf[CommitRecord]).rows
    Files.delete(gone)
    val said = Files.readString(layout.status).replace("\"finished\"", "\"running\"")
    Files.writeString(layout.status, said)
    val (_, text) = call(new StatusCommand, sweep)
    assert(text.contains("interrupted (run it again to go on)"))
    assert(text.contains(s", ${8 - lost} of 8 trials committed\n"))
  }

  test("what cannot be done is said in words, with the exit code of its kind") {
    assert(call(new StatusCommand, root.resolve("nothing").toString) ===
      ((2, s"${root.resolve("nothing")} holds no sweep: give the folder ROOT/SWEEP that \"run\" printed\n")))
    val (code, text) = call(runCommand, config, "--root", "s3a://bucket/x")
    assert(code === 2 && text.startsWith("root \"s3a://bucket/x\": no exclusive create"))
    assert(call(runCommand, config, "--master", "bogus://x") ===
      ((2, "--master bogus://x: is no Spark master; give local[*], local[4], spark://HOST:7077, yarn or k8s://URL\n")))
    assert(call(runCommand, config, "--retry", "sometimes")._2.contains("expected failed or all"))
    val lease = Lease.take(Root.open(root.toString, "probe-sweep"), "01OTHER", false)
    try {
      val (held, message) = call(runCommand, config, "--root", root.toString)
      assert(held === 5 && message.contains("is being run by 01OTHER"))
    } finally lease.close()
  }
}
