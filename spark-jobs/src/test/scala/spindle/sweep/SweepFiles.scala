package spindle.sweep

import java.nio.file.{Files, Path}
import java.util.{List => JList}

import scala.jdk.CollectionConverters._

/** Sweep files of a test, over the toy network under the name of the real one. */
object SweepFiles {
  private val folder: Path = Files.createTempDirectory("sweeps")
  folder.toFile.deleteOnExit()

  val sweeps: Sweeps = Sweeps.over(JList.of(new ToyNetwork("coba-lif")))

  val head: String = "sweep: t\nmodel: coba-lif\n"

  def plan(yaml: String, set: String*): LazyPlan =
    sweeps.plan(file("t.yaml", yaml), set.asJava, Sweeps.MAX_TRIALS).plan

  def read(yaml: String, set: String*): Sweep = sweeps.read(file("t.yaml", yaml), set.asJava)

  /** The errors of a file, with its name alone in front of line and column. */
  def errors(yaml: String, set: String*): List[String] = errors(sweeps, yaml, set: _*)

  /** Those that it has with other tasks. */
  def errors(sweeps: Sweeps, yaml: String, set: String*): List[String] =
    try {
      sweeps.plan(file("t.yaml", yaml), set.asJava, Sweeps.MAX_TRIALS)
      Nil
    } catch {
      case e: InvalidSweep => e.lines.asScala.toList.map(_.replace(folder.toString + "/", ""))
    }

  def file(name: String, text: String): Path = {
    val path = folder.resolve(name)
    Files.writeString(path, text)
    path.toFile.deleteOnExit()
    path
  }

  def trials(plan: Plan): List[PlannedTrial] = plan.trials.asScala.toList
}
