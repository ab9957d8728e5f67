package spindle.report

import java.nio.file.{Files, Path}
import java.sql.Timestamp
import java.time.Instant
import scala.util.Random
import org.apache.spark.sql.{Encoder, SparkSession}

/** Rows of the published tables, column for column. */
object Rows {
  case class Trial(trial_id: String, config_id: String, result_key: String, sweep: String,
      plan_id: String, run_id: String, attempt: Int, replicate: Int, seed: Long, status: String,
      status_reason: String, params: Map[String, Double], params_text: Map[String, String],
      n_neurons: Long, n_synapses: Long, sim_time_ms: Double, dt_ms: Double, precision: String,
      backend: String, device: String, pack_id: String, pack_size: Int, t_queue_s: Double,
      t_build_s: Double, t_compile_s: Double, t_upload_s: Double, t_sim_s: Double,
      t_download_s: Double, t_write_s: Double, realtime_factor: Double, energy_j: Option[Double],
      peak_device_bytes: Long, started_at: Timestamp, finished_at: Timestamp, n_spikes: Long,
      spikes_bytes: Long, engine_version: String, numerics_version: Int, log_tail: String,
      population_sizes: Map[String, Long], in_plan: Boolean)
  case class Param(trial_id: String, name: String, kind: String, value_d: Option[Double],
      value_l: Option[Long], value_s: Option[String], unit: String, axis: Boolean, source: String)
  case class Metric(trial_id: String, metric: String, step: Option[Long], epoch: Option[Int],
      split: Option[String], value: Double, unit: String, wall_ms: Long)
  case class Spikes(trial_id: String, population: String, chunk: Int, chunk_start_step: Long,
      chunk_steps: Int, n_spikes: Int, step_offset: Seq[Int], neuron: Seq[Int])
  case class Trace(trial_id: String, population: String, variable: String, unit: String,
      chunk: Int, chunk_start_step: Long, stride: Int, neuron_ids: Seq[Int], n_rows: Int,
      values: Seq[Float])
  case class Failure(trial_id: String, run_id: String, attempt: Int, at: Timestamp,
      kind: String, retryable: Boolean, fingerprint: String, message: String, stack: String,
      host: String, device_uuid: String, free_device_bytes: Long)
  case class Input(uri: String, bytes: Long, sha256: String)
  case class Run(run_id: String, sweep: String, plan_id: String, config_yaml: String,
      resolved_yaml: String, overrides: Seq[String], git_commit: String, git_dirty: Boolean,
      git_diff_sha256: String, engine_version: String, jar_sha256: String,
      kernel_hashes: Map[String, String], java_version: String, spark_version: String,
      spark_conf: Map[String, String], gpu_model: String, driver_version: String,
      cuda_version: String, host_count: Int, submitted_by: String,
      airflow_dag_run: Option[String], input_data: Seq[Input], started_at: Timestamp,
      finished_at: Timestamp, outcome: String)
  case class Aggregate(sweep: String, plan_id: String, config_id: String,
      params: Map[String, Double], metric: String, split: Option[String], n: Long, n_failed: Long,
      mean: Double, std: Double, sem: Double, ci95_lo: Double, ci95_hi: Double, min: Double,
      p05: Double, p50: Double, p95: Double, max: Double, computed_at: Timestamp,
      code_version: String)
}

/** A swept parameter of a synthetic sweep: numbers or words. */
final case class Swept(name: String, unit: String, values: Seq[Any])

/**
 * A small made-up sweep, written as the tables a real one would publish.
 *
 * @param earlier the last so many configurations are no longer in the plan
 * @param runs ids with wall times [s]; all trials but the last configuration's are of the first
 * @param idle runs that did no trial, after the others
 * @param sizes of the populations, as trials know them
 * @param traced neurons of each trace
 * @param curve points of the curve of each trial
  * @param stride updates between two of them
 * @param outcome status, reason and metrics of a trial from its parameters and replicate
 */
final case class SyntheticSweep(
    name: String,
    axes: Seq[Swept],
    replicates: Int = 1,
    outcome: (Map[String, Any], Random) => SyntheticSweep.Outcome = SyntheticSweep.balanced,
    sampled: Option[Seq[Map[String, Any]]] = None,
    recorded: Boolean = false,
    commonSeeds: Boolean = true,
    earlier: Int = 0,
    runs: Seq[(String, Long)] = Seq("run-1" -> 94L),
    idle: Seq[(String, Long)] = Nil,
    sizes: Map[String, Long] = Map("E" -> 3200L, "I" -> 800L),
    traced: Int = 2,
    curve: Int = 0,
    stride: Long = 1,
    yaml: String = "sweep: demo\nmetrics: [mean_rate, mean_rate_E, mean_rate_I, cv_isi]\n") {
  import Rows._
  import SyntheticSweep._

  private val points: Seq[Map[String, Any]] = sampled.getOrElse(
    axes.foldLeft(Seq(Map.empty[String, Any]))((all, a) =>
      for (p <- all; v <- a.values) yield p + (a.name -> v)))

  private val all: Seq[One] = for {
    (point, c) <- points.zipWithIndex
    r <- 0 until replicates
  } yield One(f"t$c%05d$r%02d", f"c$c%05d", point, r, outcome(point, new Random(c * 1009L + r)))

  /** Writes every table below `folder`. */
  def write(spark: SparkSession, folder: Path): Path = {
    import spark.implicits._
    def table[A: Encoder](table: String, rows: Seq[A]): Unit =
      spark.createDataset(rows).toDF().coalesce(1).withColumnsRenamed(renamed(table)).write
        .parquet(folder.resolve(table).toString)
    table("trials", all.map(trial))
    table("params", all.flatMap(params))
    table("metrics", all.flatMap(metrics))
    table("aggregates", aggregates)
    table("failures", all.flatMap(failure))
    table("provenance", (runs ++ idle).indices.map(run))
    if (recorded) {
      val kept = all.filter(t => t.outcome.status == "ok" && t.replicate == 0).grouped(6).map(_.head).toSeq
      table("spikes", kept.flatMap(spikes))
      table("traces", kept.flatMap(trace))
    }
    folder
  }

  private def present(t: One) = t.config < f"c${points.size - earlier}%05d"

  // `class` is no name a case class may use.
  private def renamed(table: String) =
    if (table == "failures") Map("kind" -> "class") else Map.empty[String, String]

  private def trial(t: One) = {
    val sim = 0.9 + t.replicate * 0.05 + t.outcome.rate / 100
    val start = began.plusSeconds(t.config.drop(1).toLong)
    val seed = if (commonSeeds) t.replicate.toLong else t.id.hashCode.toLong
    val by = if (t.config == f"c${points.size - 1}%05d") runs.last else runs.head
    Trial(t.id, t.config, t.id, name, if (present(t)) "plan5b1c" else "plan0", by._1, 0, t.replicate, seed, t.outcome.status,
      t.outcome.reason, Map.empty, Map.empty, 4000, 320000, 1000, 0.1, "float32", "cpu",
      "cpu, 512-bit vectors", "pack-1", 1, 0.2, 0.12, 0.03, 0, sim, 0, 0.04, 1 / sim, None,
      8300000, Timestamp.from(start), Timestamp.from(start.plusSeconds(2)),
      (t.outcome.rate * 4000).toLong, 9000, "0.1.0", 1, "", sizes, present(t))
  }

  private def params(t: One) =
    axes.filter(a => t.point.contains(a.name)).map(a => param(t.id, a.name, t.point(a.name), a.unit, axis = true, "sweep")) ++
      Seq(
        param(t.id, "net.neurons", 4000L, "", axis = false, "default"),
        param(t.id, "neuron.tau_m", 20.0, "ms", axis = false, "default"),
        param(t.id, "net.p", 0.02, "", axis = false, "default"),
        param(t.id, "sim.duration", 1.0, "s", axis = false, "sweep"),
        param(t.id, "net.connectivity", "bernoulli", "", axis = false, "default"))

  private def param(id: String, name: String, v: Any, unit: String, axis: Boolean, source: String) =
    v match {
      case d: Double => Param(id, name, "double", Some(d), None, None, unit, axis, source)
      case l: Long => Param(id, name, "long", None, Some(l), None, unit, axis, source)
      case s => Param(id, name, "string", None, None, Some(s.toString), unit, axis, source)
    }

  private def metrics(t: One) = t.outcome.metrics.toSeq.sortBy(_._1).map { case (m, v) =>
    Metric(t.id, m, None, None, None, v, units.getOrElse(m, ""), 1)
  } ++ Seq.tabulate(curve)(k => Metric(t.id, "mean_rate", Some(k * stride), None, None, 1234 + k, "Hz", 1))

  private def aggregates = for {
    (config, trials) <- all.filter(present).groupBy(_.config).toSeq.sortBy(_._1)
    metric <- trials.flatMap(_.outcome.metrics.keys).distinct.sorted
  } yield {
    val v = trials.filter(_.outcome.status == "ok").flatMap(_.outcome.metrics.get(metric)).filterNot(_.isNaN)
    val mean = if (v.isEmpty) Double.NaN else v.sum / v.size
    val std = if (v.size < 2) Double.NaN else math.sqrt(v.map(x => (x - mean) * (x - mean)).sum / (v.size - 1))
    val half = 4.3 * std / math.sqrt(v.size.toDouble)
    Aggregate(name, "plan5b1c", config, Map.empty, metric, None, v.size.toLong, (trials.size - v.size).toLong, mean,
      std, std, mean - half, mean + half, mean, mean, mean, mean, mean, Timestamp.from(began), "0.1.0")
  }

  private def failure(t: One) = if (t.outcome.status != "failed") None else Some(
    Failure(t.id, "run-1", 0, Timestamp.from(began), "bug", retryable = false, "9f31c2aa",
      t.outcome.reason, "java.lang.ArithmeticException: / by zero\n\tat spindle.sim.Loop.step(Loop.java:42)",
      "node-7", "", 0))

  private def run(i: Int) = Run((runs ++ idle)(i)._1, name, "plan5b1c", yaml, "", Seq("replicates.n=3"), "e44b565abcdef", git_dirty = true,
    "", "0.1.0", "", Map.empty, "17.0.15", "4.2.0", Map.empty, "", "", "", 1, "ada", None, Seq.empty,
    Timestamp.from(began.plusSeconds(i * 1000L)), Timestamp.from(began.plusSeconds(i * 1000L + (runs ++ idle)(i)._2)), "finished")

  private def spikes(t: One) = for {
    (population, size) <- Seq("E" -> 3200, "I" -> 800)
    chunk <- 0 until 10
  } yield {
    val random = new Random((t.id + population + chunk).hashCode.toLong)
    val wave = (step: Int) => 1 + 0.8 * math.sin(step / 40.0)
    val n = (size * t.outcome.rate * 0.1 * (if (population == "I") 1.3 else 1.0)).toInt
    val raw = Seq.fill(n)((random.nextInt(1000), random.nextInt(size)))
      .filter { case (step, _) => random.nextDouble() * 1.8 < wave(step + chunk * 1000) }.sorted
    Spikes(t.id, population, chunk, chunk * 1000L, 1000, raw.size, raw.map(_._1), raw.map(_._2))
  }

  private def trace(t: One) = for (population <- Seq("E", "I")) yield {
    val random = new Random((t.id + population).hashCode.toLong)
    val v = Iterator.iterate(-60.0)(v => if (v > -50) -60.0 else v + random.nextGaussian() * 1.2 + (-53 - v) * 0.05)
    val values = v.take(4000).grouped(1).flatMap(x => Seq(x.head.toFloat, -60f)).toSeq
    Trace(t.id, population, "v", "mV", 0, 0, 5, Seq.range(0, traced), 2000, values.take(2000 * traced))
  }
}

object SyntheticSweep {
  final case class Outcome(status: String, reason: String, rate: Double, metrics: Map[String, Double])

  private final case class One(id: String, config: String, point: Map[String, Any], replicate: Int,
      outcome: Outcome)

  val began: Instant = Instant.parse("2026-03-01T08:30:00Z")
  val units: Map[String, String] =
    Map("mean_rate" -> "Hz", "mean_rate_E" -> "Hz", "mean_rate_I" -> "Hz")

  def linear(from: Double, to: Double, n: Int): Seq[Double] =
    Seq.tabulate(n)(i => math.rint((from + (to - from) * i / (n - 1)) * 1e6) / 1e6)

  def geometric(from: Double, to: Double, n: Int): Seq[Double] =
    Seq.tabulate(n)(i => from * math.pow(to / from, i / (n - 1.0)))

  /** Rates that rise with excitation and fall with inhibition; silent, diverged and failed corners. */
  def balanced(point: Map[String, Any], random: Random): Outcome = {
    val e = point.get("syn.g_exc").collect { case d: Double => d }.getOrElse(6.0)
    val i = point.get("syn.g_inh").collect { case d: Double => d }.getOrElse(67.0)
    val drive = e * 12 - i * 0.55
    val rate = if (drive < 8) 0 else math.min(80, 0.9 * (drive - 8)) * (1 + 0.05 * random.nextGaussian())
    val cv = if (rate == 0) None else Some("cv_isi" -> (0.4 + 0.6 * i / 120 + 0.04 * random.nextGaussian()))
    val metrics = Map("mean_rate" -> rate, "mean_rate_E" -> rate * 0.94, "mean_rate_I" -> rate * 1.24,
      "synchrony_chi" -> (if (rate == 0) Double.NaN else 0.05 + 0.5 * math.exp(-i / 40) + 0.02 * random.nextDouble()),
      "realtime_factor" -> 1 / (0.9 + rate / 100)) ++ cv
    if (e > 9.4 && i < 25) Outcome("diverged", f"v became NaN in E, neuron ${random.nextInt(3200)}, step ${random.nextInt(9999)}", 0, Map.empty)
    else if (e > 8 && i < 13) Outcome("stopped", f"runaway: population rate above 400 Hz at ${random.nextInt(90)} ms", 0, Map.empty)
    else if (random.nextInt(90) == 0) Outcome("failed", "ArithmeticException: / by zero", 0, Map.empty)
    else Outcome("ok", "", rate, metrics)
  }

  /** The balance of excitation and inhibition that a laboratory would look at. */
  def balance: SyntheticSweep = SyntheticSweep("coba-lif-balance",
    Seq(Swept("syn.g_exc", "nS", linear(1, 10, 10)), Swept("syn.g_inh", "nS", linear(10, 120, 12))),
    replicates = 3, recorded = true)

  def folder(): Path = Files.createTempDirectory("report")
}
