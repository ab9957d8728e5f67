package spindle.job

import java.io.File
import java.lang.management.ManagementFactory
import java.net.URLClassLoader
import java.nio.file.{Files, Path}
import java.util.Comparator
import scala.jdk.CollectionConverters._
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

  /** How another process like this one is started, up to its main class. */
  def jvm(heap: String, options: String*): Seq[String] = {
    val inherited = ManagementFactory.getRuntimeMXBean.getInputArguments.asScala
      .filter(a => a.startsWith("--add-opens") || a.startsWith("-XX") || a.startsWith("-Dspark"))
    val program = Path.of(sys.props("java.home"), "bin", "java").toString
    Seq(program, s"-Xmx$heap") ++ inherited ++ options ++ Seq("-cp", classPath)
  }

  /** Of the class loader, since the test runner may load suites by one of its own. */
  def classPath: String = getClass.getClassLoader match {
    case urls: URLClassLoader =>
      (urls.getURLs.map(u => Path.of(u.toURI).toString) :+ sys.props("java.class.path")).mkString(File.pathSeparator)
    case _ => sys.props("java.class.path")
  }

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
