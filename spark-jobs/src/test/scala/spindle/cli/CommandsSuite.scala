package spindle.cli

import java.io.{ByteArrayOutputStream, PrintStream}
import java.nio.charset.StandardCharsets.UTF_8
import java.nio.file.Path

import org.scalatest.funsuite.AnyFunSuite

import spindle.sweep.{ExitCode, SweepFiles}

class CommandsSuite extends AnyFunSuite {

  private val good = SweepFiles.file(
    "good.yaml",
    "sweep: good\nmodel: toy-net\naxes: {syn.g_exc: {lin: [2 nS, 4 nS], n: 5}}\nreplicates: {n: 2, seed: 1}\n"
  )
  private val bad = SweepFiles.file("bad.yaml", "sweep: bad\nmodel: toy-net\nreplicates: {n: 0, seed: 1}\n")

  private case class Ran(code: Int, out: String, err: String)

  private def run(args: String*): Ran = {
    val (out, err) = (new ByteArrayOutputStream, new ByteArrayOutputStream)
    val (oldOut, oldErr) = (System.out, System.err)
    try {
      System.setOut(new PrintStream(out, true, UTF_8))
      System.setErr(new PrintStream(err, true, UTF_8))
      val code = Main.execute(args: _*)
      Ran(code, out.toString(UTF_8), err.toString(UTF_8))
    } finally {
      System.setOut(oldOut)
      System.setErr(oldErr)
    }
  }

  test("validate says how many trials a good file has, and exits 0") {
    assert(run("validate", good.toString) === Ran(0, s"$good: ok, 10 trials\n", ""))
  }

  test("bad input exits 2 with its errors on stderr and no stack trace") {
    for (command <- Seq("validate", "plan")) {
      assert(
        run(command, bad.toString) ===
          Ran(ExitCode.BAD_CONFIG.code, "", s"$bad:3:17 replicates.n: must be >= 1, got 0\n")
      )
    }
    val near = good.resolveSibling("god.yaml")
    assert(run("validate", near.toString) === Ran(2, "", s"$near: no such file; did you mean $good?\n"))
    assert(run("plan", good.toString, "--max-trials", "3").code === 2)
    assert(run("plan").code === 2 && run("frobnicate").code === 2 && run().code === 2)
    assert(run("models", "nothing").code === 2)
  }

  test("settings that cannot go together are shown by every command that would need them, and nothing runs") {
    val clash = SweepFiles.file(
      "clash.yaml",
      """sweep: clash
        |model: coba-lif
        |fixed:
        |  sim.warmup: 2 s
        |  net.neurons: 10
        |axes:
        |  neuron.v_reset: {values: [-60 mV, -40 mV]}
        |""".stripMargin
    )
    val lines =
      s"""$clash:4:15 fixed.sim.warmup: sim.warmup = 2 s must be below sim.duration = 1 s; metrics need time after the warm-up
         |$clash:5:16 fixed.net.neurons: net.degree = 80 must be at most net.neurons = 10: a neuron has at most one synapse from each; lower the degree
         |$clash:7:37 axes.neuron.v_reset: neuron.v_reset = -40 mV must be below neuron.v_th = -50 mV; a neuron would fire for ever (1 of 2 configurations)
         |""".stripMargin
    for (command <- Seq("validate", "plan", "run")) assert(run(command, clash.toString) === Ran(2, "", lines), command)
  }

  test("plan shows numbers and both ends of the list") {
    val shown = run("plan", good.toString, "--set", "where=syn.g_exc > 2 nS").out
    val squeezed = shown.linesIterator.map(_.replaceAll(" +", " ")).toList
    Seq(
      "axis points values",
      "syn.g_exc 5 2 nS, 2.5 nS, 3 nS, 3.5 nS, 4 nS",
      "combinations 5",
      "removed by where 1",
      "replicates 2, seed 1, common random numbers",
      "trials 8",
      "already done 0",
      "to run 8 in 4 packs",
      "longest trial 400 ms",
      "peak memory 400 kB per running trial"
    ).foreach(line => assert(squeezed.contains(line), shown))
    val rows = squeezed.reverse.takeWhile(!_.startsWith("trial ")).reverse
    assert(rows.map(_.split(' ').take(4).mkString(" ")) ===
      List("2 2.5 nS 0", "3 2.5 nS 1", "4 3 nS 0", "7 3.5 nS 1", "8 4 nS 0", "9 4 nS 1"))
  }

  test("plan --list lists every trial, plan --json is one object") {
    assert(run("plan", good.toString, "--list").out.linesIterator.count(_.matches("\\d+ .*")) === 10)
    val json = run("plan", good.toString, "--json", "--list").out
    assert(json.linesIterator.size === 1 && json.startsWith("{\"sweep\":\"good\",\"model\":\"toy-net\",\"plan_id\":\""))
    assert("\"trial_id\"".r.findAllIn(json).size === 10 && json.contains("\"predicted_s\":4,"))
    assert(json.contains("\"done\":0,\"todo\":10,\"packs\":"))
    assert("\"wall_s\":\\{\"low\":[0-9.]+,\"likely\":[0-9.]+,\"high\":[0-9.]+}".r.findFirstIn(json).isDefined)
  }

  test("plan says that its time is an estimate, and refuses a root that run would refuse") {
    val shown = run("plan", good.toString).out
    assert("predicted time +about [0-9.]+ s, start to report, .*an estimate: [0-9.]+ s to [0-9.]+ s".r.findFirstIn(shown).isDefined)
    val refused = run("plan", good.toString, "--root", "s3a://bucket/x")
    assert(refused.code === 2 && refused.err.startsWith("root \"s3a://bucket/x\""))
  }

  test("models lists what a sweep can name, with unit, default and range") {
    assert(run("models").out.linesIterator.exists(_.matches("toy-net +A network.*")))
    val lines = run("models", "toy-net").out.linesIterator.map(_.replaceAll(" +", " ")).toList
    assert(lines.contains("syn.g_exc 6 nS [0 nS, inf) excitatory weight"))
    assert(lines.contains("net.exc_fraction 0.8 [0, 1] excitatory share"))
    assert(lines.contains("sim.precision float32 float32 | float64 precision"))
    assert(lines.contains("realtime_factor wall time over model time (differs between equal trials)"))
    assert(lines.contains("populations E, I"))
  }

  test("models shows where each default of a model was taken from") {
    val lines = run("models", "coba-lif").out.linesIterator.map(_.replaceAll(" +", " ")).toList
    assert(lines.contains("parameter default allowed meaning default from"))
    assert(lines.contains(
      "neuron.tau_m 20 ms (0 ms, inf) membrane time constant Brette et al. 2007, benchmark 1"))
    val parameters = new spindle.task.CobaLif().describe.parameters
    parameters.forEach(p => assert(p.source.nonEmpty, p.name))
  }

  test("models shows every part it lists, with parameters, units, defaults and source") {
    val listed = run("models").out.linesIterator.dropWhile(!_.startsWith("part ")).drop(1).toList
    val names = listed.map(_.split(" +")(1))
    assert(Seq("lif", "exponential", "coba", "cuba", "bernoulli", "fixed-in-degree").forall(names.contains))
    for (name <- names) {
      val shown = run("models", name)
      assert(shown.code === 0 && shown.out.startsWith(s"$name (") && shown.out.contains("\nsource: "), name)
    }
    val lif = run("models", "lif").out.linesIterator.map(_.replaceAll(" +", " ")).toList
    assert(lif.contains("tau ms 20 ms neuron.tau_m membrane time constant"))
    assert(run("models", "lief").err.contains("no model or part \"lief\"; known: coba-hh, coba-lif, "))
  }

  test("doctor says what is used and why") {
    val shown = run("doctor")
    assert(shown.code === 0 && shown.out.contains("auto takes") && shown.out.contains("toy-net"))
    for (row <- Seq("java ", "vector units ", "NVIDIA driver ", "devices ", "nvidia-smi ", "PTX route ", "backends "))
      assert(shown.out.linesIterator.exists(_.startsWith(row)), row)
    spindle.sim.Backends.all.forEach(b => assert(shown.out.contains(s"${b.name} (${b.device})")))
    assert(shown.out.contains(spindle.sim.Backends.choice))
  }

  test("vectors are claimed only where they are used") {
    val shown = run("doctor").out
    val old = Runtime.version.feature < spindle.compile.Jvm.VECTORS_FROM
    assert(shown.contains("plain loops") === (spindle.compile.Jvm.preferred == spindle.compile.Mode.PLAIN))
    assert(!old || shown.contains("mostly plain loops over neurons before JDK 21"))
  }

  test("help names every command; exit codes are those of the contract") {
    val help = run("--help")
    Seq("validate", "plan", "models", "doctor", "bench").foreach(c => assert(help.out.contains("  " + c)))
    assert(ExitCode.values.map(_.code).toList === List(0, 1, 2, 3, 4, 5))
  }

  test("help is a command too, and all commands speak alike") {
    assert(run("help").out === run("--help").out)
    assert(run("help", "run").out === run("run", "--help").out)
    val commands = run("help").out.linesIterator.dropWhile(_ != "Commands:").drop(1).takeWhile(_.nonEmpty).toList
    val verbs = commands.filter(_.matches("  [a-z]+ .*")).map(_.strip.split(" +")(1))
    assert(verbs === List("Check", "Show", "Run", "Show", "Show", "Write", "Write", "List", "Show", "Display"))
  }

  test("a shipped limit on rates lies below what refractoriness allows, so that it can be met") {
    for (name <- Seq("quickstart", "coba-lif-balance")) {
      val file = Path.of(System.getProperty("spindle.root"), "sweep-configs", s"$name.yaml")
      val sweep = spindle.sweep.Sweeps.onClassPath.read(file, java.util.List.of())
      val highest = 1e3 / Seq("neuron.t_ref", "sim.dt").map(sweep.fixed.number(_, spindle.task.Unit.MILLISECOND)).sum
      assert(sweep.guards.maxRateHz < 0.9 * highest, name)
    }
  }

  test("the sweep files of the repository are valid") {
    val root = Path.of(System.getProperty("spindle.root"), "sweep-configs")
    def plan(name: String) = spindle.sweep.Sweeps.onClassPath.plan(root.resolve(s"$name.yaml"), java.util.List.of(), 1000).plan
    val sizes = Seq("quickstart" -> 27, "coba-lif-balance" -> 660, "coba-hh" -> 60, "reservoir-digits" -> 72, "surrogate-training" -> 12,
      "working-memory" -> 3, "fit-rates" -> 10)
    for ((name, size) <- sizes) assert(plan(name).size === size, name)
    assert(plan("coba-lif-balance").combinations === 144)
  }
}
