package spindle.sweep

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

import spindle.task.Unit
import SweepFiles._

class OverridesSuite extends AnyFunSuite {

  private val yaml = head + "fixed: {sim.dt: 0.1 ms}\naxes: {syn.g_exc: {lin: [2 nS, 4 nS], n: 3}}\n" +
    "replicates: {n: 3, seed: 1}\n"

  test("task defaults give way to the file, the file to --set, the earlier --set to the later") {
    assert(read(yaml).fixed.number("sim.duration", Unit.SECOND) === 1.0)
    assert(read(yaml).fixed.number("sim.dt", Unit.MILLISECOND) === 0.1)
    val set = read(yaml, "fixed.sim.dt=0.2 ms", "fixed.sim.dt=50 us")
    assert(set.fixed.number("sim.dt", Unit.MILLISECOND) === 0.05)
    assert(set.overrides.asScala === List("fixed.sim.dt=0.2 ms", "fixed.sim.dt=50 us"))
  }

  test("--set reaches every part of the file") {
    val set = read(
      yaml,
      "replicates.n=2",
      "axes.syn.g_exc.n=5",
      "axes.syn.g_inh={values: [2 nS]}",
      "output.root=file:/lab/x",
      "execution.backend=cpu",
      "execution.failures.same_error=9",
      "record.spikes={populations: [E]}",
      "where=[syn.g_exc > 1 nS]",
      "sweep=other"
    )
    assert(set.replicates.n === 2 && set.root === "file:/lab/x" && set.name === "other")
    assert(set.axes.asScala.map(a => a.name -> a.values.size) === List("syn.g_exc" -> 5, "syn.g_inh" -> 1))
    assert(set.execution.backend === "cpu" && set.execution.sameError === 9)
    assert(set.recording.spikes.asScala === List("E"))
    assert(set.selection.where.asScala === List("syn.g_exc > 1 nS"))
  }

  test("fixing an axis or sweeping a fixed parameter replaces it") {
    assert(read(yaml, "fixed.syn.g_exc=6 nS").axes.isEmpty)
    val swept = read(yaml, "axes.sim.dt={values: [0.1 ms, 0.2 ms]}")
    assert(swept.axes.asScala.map(_.name) === List("syn.g_exc", "sim.dt"))
  }

  test("an error in --set shows the argument") {
    assert(errors(yaml, "replicates.n=0") === List("--set replicates.n=0: replicates.n: must be >= 1, got 0"))
    assert(errors(yaml, "replicates") === List("--set replicates: expected KEY=VALUE, e.g. replicates.n=2"))
    assert(
      errors(yaml, "axes.syn.g_inh={values: [2 mV]}") === List(
        "--set axes.syn.g_inh={values: [2 mV]}: axes.syn.g_inh: expected conductance, " +
          "got voltage (\"2 mV\"); example: \"67 nS\""
      )
    )
    assert(
      errors(yaml, "axes.syn.g_inh={lin:[1]}") ===
        List("--set axes.syn.g_inh={lin:[1]}: axes.syn.g_inh: lin axis needs [min, max], got [1]")
    )
    assert(errors(yaml, "axes={}").head.startsWith("--set axes={}: axes: is empty"))
    assert(errors(yaml, "axes.syn.g_inh={values: [").head.startsWith("--set axes.syn.g_inh={values: [: not valid YAML: "))
    assert(
      errors(yaml, "syn.g_inh=3 nS") ===
        List("--set syn.g_inh=3 nS: syn: unknown key \"syn\"; a parameter is set by fixed.NAME=VALUE")
    )
  }

  test("an error in --set does not show what sounds like a secret") {
    val List(error) = errors(yaml, "fs.s3a.secret.key=hunter2")
    assert(error.startsWith("--set fs.s3a.secret.key=") && error.contains("unknown key \"fs\""))
    assert(!error.contains("hunter2"))
  }
}
