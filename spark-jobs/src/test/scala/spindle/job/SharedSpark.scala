package spindle.job

import java.nio.file.{Files, Path}
import java.util.Comparator
import org.apache.spark.sql.{DataFrame, SparkSession}
import spindle.sweep.ExitCode
import org.scalatest.{BeforeAndAfterEach, Suite}
import spindle.result.{Layout, Table}

/** One local[2] session for all suites of the module, and a fresh folder per test. */
trait SharedSpark extends BeforeAndAfterEach { this: Suite =>
  lazy val spark: SparkSession = Sessions.start("local[2]")
  private var folder: Path = _

  override def beforeEach(): Unit = folder = Files.createTempDirectory("spindle-suite")

  override def afterEach(): Unit = delete(folder)

  def delete(place: Path): Unit = {
    val files = Files.walk(place)
    try files.sorted(Comparator.reverseOrder[Path]()).forEach(f => Files.delete(f))
    finally files.close()
  }

  def root: Path = folder

  def run(plan: HandPlan, retry: Retry = Retry.NONE): ExitCode = new SweepRun(
    plan,
    new RunOptions(root.toString, retry, false, "spindle run probe.yaml"),
    () => spark,
    (_, sweep) => sweep.resolve("report.html")
  ).run()

  def layout(plan: HandPlan): Layout = Layout.of(root, plan.name)

  def table(plan: HandPlan, table: Table): DataFrame =
    spark.read.parquet(layout(plan).table(table).toString)
}
