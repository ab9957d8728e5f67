package spindle

import java.nio.file.{Files, Path, Paths}

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

/** One source with the packages that its imports and qualified names refer to. */
private final case class Source(file: String, of: String, refersTo: Set[String], spark: Boolean, jcuda: Boolean)

/** The house has floors, and arrows go down only: read from the sources of both modules. */
class ImportDirectionSuite extends AnyFunSuite {

  private val floors = Map("ir" -> 1, "connect" -> 2, "grad" -> 2, "compile" -> 3, "backend" -> 4,
    "model" -> 4, "sim" -> 5, "train" -> 6, "task" -> 7, "bench" -> 8,
    "sweep" -> 9, "result" -> 10, "report" -> 11, "job" -> 12, "cli" -> 13)
  private val sparkFloor = floors("result")

  /** What may call the driver and the assembler of PTX: all else is the same on any device. */
  private val drivers = Set("Driver", "Assembler").map(c => s"spindle/backend/cuda/$c.java")

  private val comments = """(?s)/\*.*?\*/|//[^\n]*""".r
  private val texts = "(?s)\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\n])*\"".r
  private val packageLine = """(?m)^package ([a-z0-9.]+);""".r
  private val names = """\bspindle(?:\.[a-z][a-z0-9]*)+""".r

  private def source(file: String, text: String): Source = {
    val code = comments.replaceAllIn(texts.replaceAllIn(text, "\"\""), " ")
    val of = packageLine.findFirstMatchIn(code).map(_.group(1)).getOrElse(fail(s"$file: no package"))
    val body = packageLine.replaceFirstIn(code, "")
    def has(name: String) = s"\\b$name\\b".r.findFirstIn(body).isDefined
    Source(file, of, names.findAllIn(body).toSet - of, has("org\\.apache\\.spark"), has("jcuda\\.[a-zA-Z.]+"))
  }

  private def floor(name: String): Option[Int] = name.split('.').lift(1).flatMap(floors.get)

  private def house(name: String): String = name.split('.')(1)

  /** Every arrow that does not go down, one line each. */
  private def wrong(sources: Seq[Source]): Seq[String] =
    sources.flatMap { s =>
      val arrows = s.refersTo.toSeq.sorted.flatMap { to =>
        (floor(s.of), floor(to)) match {
          case (None, _) => Some(s"${s.file}: package ${s.of} has no floor")
          case (_, None) => Some(s"${s.file}: package $to has no floor")
          case _ if house(s.of) == house(to) => None
          case (Some(a), Some(b)) if b >= a => Some(s"${s.file}: ${s.of} must not see $to")
          case (Some(9), _) if !Set("task", "ir")(house(to)) => Some(s"${s.file}: a sweep knows no neurons, but sees $to")
          case _ => None
        }
      }
      val spark = s.spark && floor(s.of).forall(_ < sparkFloor)
      val jcuda = s.jcuda && !drivers(s.file)
      arrows ++ Option.when(spark)(s"${s.file}: ${s.of} must not see Spark") ++
        Option.when(jcuda)(s"${s.file}: only ${drivers.toSeq.sorted.mkString(" and ")} may see JCuda")
    } ++ circle(sources).map(c => s"packages in a circle: ${c.mkString(" -> ")}")

  /** A circle of packages, sub-packages counted apart, if there is one. */
  private def circle(sources: Seq[Source]): Option[Seq[String]] = {
    val arrows = sources.groupMapReduce(_.of)(_.refersTo)(_ ++ _)
    def walk(path: Vector[String]): Option[Seq[String]] =
      if (path.init.contains(path.last)) Some(path.drop(path.indexOf(path.last)))
      else arrows.getOrElse(path.last, Set.empty).toSeq.sorted.iterator.map(p => walk(path :+ p)).collectFirst {
        case Some(c) => c
      }
    arrows.keys.toSeq.sorted.iterator.map(p => walk(Vector(p))).collectFirst { case Some(c) => c }
  }

  private def sources(module: String): Seq[Source] = {
    val root = Paths.get(sys.props("spindle.root"), module, "src", "main", "java")
    val files = Files.walk(root).iterator.asScala.filter(_.toString.endsWith(".java")).toVector
    files.map((f: Path) => source(root.relativize(f).toString, Files.readString(f)))
  }

  test("arrows between packages go down only, in both modules, and never in a circle") {
    val all = sources("gpu-kernels") ++ sources("spark-jobs")
    assert(all.size > 80)
    assert(wrong(all) === Nil)
    assert(all.filter(_.jcuda).map(_.file).toSet === drivers)
  }

  test("the simulator has no Spark package and the sweeps no simulator package") {
    assert(sources("gpu-kernels").forall(s => floor(s.of).exists(_ <= floors("bench"))))
    assert(sources("spark-jobs").forall(s => floor(s.of).exists(_ >= floors("sweep"))))
  }

  private def verdict(of: String, code: String): Seq[String] =
    wrong(Seq(source("Bad.java", s"package spindle.$of;\n$code\nfinal class Bad {}\n")))

  test("a bad arrow is found: import, static import, wildcard, qualified name") {
    assert(verdict("ir", "import spindle.task.Task;") === Seq("Bad.java: spindle.ir must not see spindle.task"))
    assert(verdict("model", "import static spindle.backend.cpu.Mode.PLAIN;").size === 1)
    assert(verdict("backend.cpu", "import spindle.model.*;").size === 1)
    assert(verdict("connect", "class A { Object o = new spindle.compile.Loop(); }").size === 1)
    assert(verdict("connect", "import spindle.grad.Adjoint;").size === 1)
    assert(verdict("sweep", "import spindle.model.Lif;").size === 1)
    assert(verdict("sweep", "import spindle.sim.Clock;").size === 1)
    assert(verdict("result", "import spindle.job.Driver;").size === 1)
    assert(verdict("sim", "import org.apache.spark.sql.Row;") === Seq("Bad.java: spindle.sim must not see Spark"))
    assert(verdict("sweep", "class A { org.apache.spark.sql.Row r; }").size === 1)
    val only = "Bad.java: only spindle/backend/cuda/Assembler.java and spindle/backend/cuda/Driver.java may see JCuda"
    assert(verdict("backend.cuda", "import jcuda.driver.CUstream;") === Seq(only))
    assert(verdict("bench", "class A { jcuda.Pointer p; }") === Seq(only))
    assert(verdict("backend.cuda", "import static jcuda.driver.JCudaDriver.*;") === Seq(only))
    assert(verdict("cellar", "import spindle.ir.Op;") === Seq("Bad.java: package spindle.cellar has no floor"))
    assert(verdict("ir", "import spindle.cellar.Wine;") === Seq("Bad.java: package spindle.cellar has no floor"))
  }

  test("a good arrow, a comment and a text are no bad arrows") {
    assert(verdict("task", "import spindle.sim.Clock;") === Nil)
    assert(verdict("sweep", "import spindle.ir.Sha256;\nimport spindle.task.Task;") === Nil)
    assert(verdict("model.neuron", "import spindle.model.Cell;") === Nil)
    assert(verdict("sweep", "import spindle.task.Unit;") === Nil)
    assert(verdict("job", "import org.apache.spark.sql.Row;\nimport spindle.sweep.Plan;") === Nil)
    assert(verdict("ir", "/** {@link spindle.task.Task} */ // spindle.sim.Clock") === Nil)
    assert(verdict("ir", "class A { String s = \"spindle.task.Task // \\\" spindle.sim\"; }") === Nil)
  }

  test("a circle of packages on one floor is found") {
    val there = source("A.java", "package spindle.model;\nimport spindle.model.neuron.Lif;\n")
    val back = source("B.java", "package spindle.model.neuron;\nimport spindle.model.Cell;\n")
    assert(wrong(Seq(back)) === Nil)
    val circle = "packages in a circle: spindle.model -> spindle.model.neuron -> spindle.model"
    assert(wrong(Seq(there, back)) === Seq(circle))
  }
}
