package spindle.cli

import java.nio.file.Path

import scala.sys.process._

import org.apache.spark.sql.DataFrame
import org.apache.spark.sql.functions.expr
import org.scalatest.Assertions.cancel
import org.scalatest.Suite
import spindle.job.SharedSpark
import spindle.result.{Layout, Table}

/** Processes that find the stand-in where NVIDIA's driver would be, and the tables that they leave. */
trait GpuProcesses extends SharedSpark { this: Suite =>
  /** The sweep whose tables are read. */
  def sweep: String

  /** Where the stand-in is, or why it is not. */
  lazy val library: Either[String, Path] = {
    val home = Path.of(sys.props("spindle.root"))
    val place = home.resolve("spark-jobs/target/native/libcuda.so.1").toAbsolutePath
    val said = new StringBuilder
    val build = Seq(home.resolve("gpu-kernels/src/test/native/build").toString, place.toString)
    val code = build.!(ProcessLogger(line => said ++= line += ' '))
    Either.cond(code == 0, place, s"no stand-in driver: $said")
  }

  def process(main: String, options: Seq[String], arguments: Seq[String], environment: (String, String)*): (Int, Seq[String]) = {
    val folder = library.fold(cancel(_), _.getParent.toString)
    val command = jvm("700m", options: _*) ++ (main +: arguments)
    val lines = scala.collection.mutable.ArrayBuffer.empty[String]
    val run = Process(command, None, (environment :+ "LD_LIBRARY_PATH" -> folder): _*)
    val code = run.!(ProcessLogger(line => lines.synchronized(lines += line)))
    (code, lines.toSeq)
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
