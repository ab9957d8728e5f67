package spindle.cli

import java.nio.file.{Files, Path}

import scala.sys.process._

import org.apache.spark.sql.DataFrame
import org.apache.spark.sql.functions.expr
import org.scalatest.Suite
import spindle.job.SharedSpark
import spindle.result.{Layout, Table}

/** Commands that run in processes of their own, and the tables that they leave. */
trait Processes extends SharedSpark { this: Suite =>
  /** The sweep whose tables are read. */
  def sweep: String

  /** What every process finds in its environment. */
  def environment: Seq[(String, String)] = Nil

  def process(main: String, options: Seq[String], arguments: Seq[String], more: (String, String)*): (Int, Seq[String]) = {
    val command = jvm("700m", options: _*) ++ (main +: arguments)
    val lines = scala.collection.mutable.ArrayBuffer.empty[String]
    val run = Process(command, None, (environment ++ more): _*)
    val code = run.!(ProcessLogger(line => lines.synchronized(lines += line)))
    (code, lines.toSeq)
  }

  /** Runs a command on a cluster of one worker of one core: its executors are processes of their own too. */
  def onCluster(arguments: Seq[String], settings: Seq[(String, String)], more: (String, String)*): (Int, Seq[String]) = {
    val all = Seq(
      "spark.executor.extraClassPath" -> classPath,
      "spark.executor.memory" -> "700m",
      "spark.sql.shuffle.partitions" -> "1",
      "spark.sql.adaptive.enabled" -> "false",
      "spark.driver.host" -> "127.0.0.1") ++ settings
    // A worker looks for Spark's jars there; executors find them on their class path.
    val home = root.resolve("spark-home")
    Files.createDirectories(home.resolve("jars"))
    val spark = Seq("SPARK_HOME" -> home.toString, "SPARK_SCALA_VERSION" -> "2.13")
    process("spindle.cli.Main", all.map { case (k, v) => s"-D$k=$v" },
      arguments ++ Seq("--master", "local-cluster[1,1,700]"), (spark ++ more): _*)
  }

  def rows(folder: String, table: Table): DataFrame =
    spark.read.parquet(Layout.of(root.resolve(folder), sweep).table(table).toString)

  /** What trials simulated, as text: all but clocks and machines. */
  def results(folder: String, where: String = "true"): Seq[String] = {
    val ends = rows(folder, Table.TRIALS).where(where).select("trial_id", "status", "status_reason", "n_neurons", "n_synapses",
      "n_spikes", "sim_time_ms", "spikes_bytes")
    val chosen = rows(folder, Table.TRIALS).where(where).select("trial_id")
    val metrics = rows(folder, Table.METRICS).where("metric <> 'realtime_factor'").drop("wall_ms")
    (ends +: Seq(metrics, rows(folder, Table.SPIKES), rows(folder, Table.TRACES)).map(_.join(chosen, "trial_id")))
      .flatMap(_.toJSON.collect().sorted)
  }

  def count(folder: String, by: String*): Map[Seq[Any], Long] =
    rows(folder, Table.TRIALS).groupBy(by.map(expr): _*).count().collect()
      .map(r => r.toSeq.init -> r.getLong(by.size)).toMap
}
