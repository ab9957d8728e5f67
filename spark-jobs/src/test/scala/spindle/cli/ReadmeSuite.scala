package spindle.cli

import java.io.{ByteArrayOutputStream, File, PrintStream}
import java.nio.charset.StandardCharsets.UTF_8
import java.nio.file.{Files, Path, StandardCopyOption}
import java.nio.file.attribute.PosixFilePermissions

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

import spindle.job.SharedSpark

/**
 * Runs what README.md tells people to type. By default in this process and on a small network; with
 * -Dspindle.slow=true also the shell blocks as they stand, in a copy of the sources.
 */
class ReadmeSuite extends AnyFunSuite with SharedSpark {
  private val repository = Path.of(sys.props("spindle.root")).toRealPath()
  private val readme = Files.readString(repository.resolve("README.md"))

  /** Blocks of code of a language, in order. */
  private def blocks(language: String): Seq[String] =
    s"(?s)```$language\n(.*?)```".r.findAllMatchIn(readme).map(_.group(1)).toSeq

  /** The commands of the table: the first row cells that begin with spindle, with further names. */
  private val named: Set[String] = readme.linesIterator.filter(_.startsWith("| `spindle ")).flatMap { line =>
    val cell = line.split("(?<!\\\\)\\|")(1)
    "`([^`]+)`".r.findAllMatchIn(cell).map(_.group(1).stripPrefix("spindle ").takeWhile(_ != ' ')).filter(_.matches("[a-z]+"))
  }.toSet

  private val small = Seq("fixed.net.neurons=100", "fixed.net.degree=10", "fixed.sim.duration=20 ms",
    "axes.syn.g_exc.n=2", "axes.syn.g_inh.n=2", "replicates.n=1").flatMap(Seq("--set", _))

  private def ran(args: String*): (Int, String) = {
    val text = new ByteArrayOutputStream
    val (out, err) = (System.out, System.err)
    try {
      System.setOut(new PrintStream(text, true, UTF_8))
      System.setErr(new PrintStream(text, true, UTF_8))
      (Main.execute(args: _*), text.toString(UTF_8))
    } finally {
      System.setOut(out)
      System.setErr(err)
    }
  }

  private def succeeds(args: String*): String = {
    val (code, text) = ran(args: _*)
    assert(code === 0, s"spindle ${args.mkString(" ")}\n$text")
    text
  }

  test("every command of the table runs on the sweep beside it, and exits 0") {
    spark
    val yaml = blocks("yaml").filter(_.startsWith("sweep: ")).head
    val config = Files.writeString(root.resolve("my-first.yaml"), yaml).toString
    val sweep = root.resolve("my-first").toString
    val options = small ++ Seq("--root", root.toString)
    val calls: Map[String, () => Unit] = Map(
      "validate" -> (() => succeeds("validate", config)),
      "plan" -> (() => {
        assert(succeeds(Seq("plan", config, "--list") ++ options: _*).contains("already done"))
        assert(succeeds(Seq("plan", config, "--json") ++ options: _*).startsWith("{\"sweep\":\"my-first\""))
      }),
      "run" -> (() => {
        assert(succeeds(Seq("run", config, "--master", "local[2]") ++ options: _*).contains("report: "))
        assert(succeeds(Seq("run", config) ++ options: _*).contains("nothing to do"))
      }),
      "status" -> (() => assert(succeeds("status", sweep).contains("finished, 3 of 3 trials"))),
      "failures" -> (() => succeeds("failures", sweep)),
      "report" -> (() => assert(succeeds("report", sweep).contains("report.html"))),
      "export" -> (() => assert(succeeds("export", sweep).contains("trials.csv"))),
      "models" -> (() => {
        assert(succeeds("models").contains("coba-lif"))
        assert(succeeds("models", "coba-lif").contains("syn.g_exc"))
      }),
      "bench" -> (() => bench()),
      "doctor" -> (() => assert(succeeds("doctor").contains("auto takes"))))
    assert(named === calls.keySet)
    val order = Seq("validate", "plan", "run", "status", "failures", "report", "export", "models", "bench", "doctor")
    order.foreach(calls(_)())
  }

  private def bench(): Unit = {
    val text = new ByteArrayOutputStream
    val out = System.out
    try {
      System.setOut(new PrintStream(text, true, UTF_8))
      spindle.bench.Main.main(Array("coba-lif", "--json", "--neurons", "100", "--duration", "10ms"))
    } finally System.setOut(out)
    assert(text.toString(UTF_8).startsWith("{\"name\":\"coba-lif\""))
  }

  test("files and commands that the shell blocks name are there") {
    val commands = blocks("sh").flatMap(_.replace("\\\n", " ").linesIterator).map(_.replaceAll("#.*", "").trim)
    val spindles = commands.filter(_.startsWith("spark-jobs/bin/spindle ")).map(_.split(" +").toSeq)
    assert(spindles.nonEmpty)
    for (words <- spindles) {
      assert(Files.isExecutable(repository.resolve(words.head)))
      assert(named.contains(words(1)), words.mkString(" "))
      words.drop(2).filter(_.endsWith(".yaml")).foreach(f => succeeds("validate", repository.resolve(f).toString))
    }
    "--class ([\\w.]+)".r.findAllMatchIn(readme).foreach(m => Class.forName(m.group(1)))
  }

  test("the shell blocks run as they stand, in a fresh copy of the sources") {
    assume(sys.props.get("spindle.slow").contains("true"), "slow: builds twice; ask for it by -Dspindle.slow=true")
    val copy = copied(root.resolve("copy"))
    Files.writeString(copy.resolve("sweep.yaml"), blocks("yaml").filter(_.startsWith("sweep: ")).head)
    val bin = Files.createDirectory(root.resolve("bin"))
    program(bin.resolve("spark-submit"),
      """exec java "@spark-jobs/bin/jvm.options" --add-opens=java.base/sun.security.action=ALL-UNNAMED \
        |  -cp "$(cat spark-jobs/target/spark.classpath)" org.apache.spark.deploy.SparkSubmit --master "local[2]" "$@"
        |""".stripMargin)
    for (block <- blocks("sh")) {
      val script = block.replace("/shared/results", root.resolve("shared").toString)
      val log = root.resolve("log").toFile
      val shell = new ProcessBuilder("sh", "-e", "-c", script).directory(copy.toFile).redirectErrorStream(true)
      shell.redirectOutput(log).redirectInput(new File("/dev/null"))
      shell.environment.put("PATH", s"$bin:${sys.env("PATH")}")
      val code = shell.start().waitFor()
      assert(code === 0, s"$script\n${Files.readString(log.toPath).linesIterator.toSeq.takeRight(40).mkString("\n")}")
    }
  }

  private def program(file: Path, script: String): Unit = {
    Files.writeString(file, "#!/bin/sh\n" + script)
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"))
  }

  /** The sources without what was built from them. */
  private def copied(to: Path): Path = {
    val left = Set("target", "results", ".git")
    val files = Files.walk(repository)
    try files.iterator.asScala.map(repository.relativize(_))
      .filter(f => !f.iterator.asScala.exists(part => left(part.toString)))
      .foreach(f => Files.copy(repository.resolve(f), to.resolve(f), StandardCopyOption.COPY_ATTRIBUTES))
    finally files.close()
    to
  }
}
