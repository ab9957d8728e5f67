package spindle.sweep

import java.util.{List => JList}

import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks
import spindle.task.SnnClassifier

import SweepFiles._

class SweepErrorsSuite extends AnyFunSuite with TableDrivenPropertyChecks {

  /** Text after the three lines `sweep`, `model` and `about`; so it begins at line 4. */
  private def after(text: String) = head + "about: x\n" + text

  private val messages = Table(
    ("text", "error"),
    (
      "axes:\n  syn.g_exc: {values: [2 mV]}",
      """t.yaml:5:24 axes.syn.g_exc: expected conductance, got voltage ("2 mV"); example: "6 nS""""
    ),
    ("fixed: {sim.dt: 0.1}", """t.yaml:4:17 fixed.sim.dt: number without unit; did you mean "0.1 ms"?"""),
    (
      "axes:\n  syn.g_ihn: {values: [2 nS]}",
      """t.yaml:5:3 axes.syn.g_ihn: model coba-lif has no parameter "syn.g_ihn"; did you mean "syn.g_inh"?"""
    ),
    (
      "fixed:\n  syn.g_ecx: 2 nS",
      """t.yaml:5:3 fixed.syn.g_ecx: model coba-lif has no parameter "syn.g_ecx"; did you mean "syn.g_exc"?"""
    ),
    (
      "axes:\n  syn.g_inh: {log: [0 nS, 120 nS], n: 3}",
      "t.yaml:5:20 axes.syn.g_inh: log axis needs 0 < min < max, got [0 nS, 120 nS]"
    ),
    (
      "axes:\n  syn.g_inh: {lin: [120 nS, 20 nS], n: 3}",
      "t.yaml:5:20 axes.syn.g_inh: lin axis needs min < max, got [120 nS, 20 nS]"
    ),
    (
      "axes:\n  syn.g_inh: {lin: [20 nS, 120 nS]}",
      "t.yaml:5:14 axes.syn.g_inh: lin axis needs n, the number of points"
    ),
    (
      "axes: {syn.g_inh: {lin: [20 nS], n: 3}}",
      "t.yaml:4:25 axes.syn.g_inh: lin axis needs [min, max], got [20 nS]"
    ),
    (
      "axes: {syn.g_inh: {log: {from: 1 nS, to: [2 nS]}, n: 3}}",
      "t.yaml:4:25 axes.syn.g_inh.log: expected a list, got keys with values"
    ),
    (
      "axes: {}",
      "t.yaml:4:7 axes: is empty; name at least one axis, or leave axes out to run one configuration"
    ),
    (
      "axes: {syn.g_inh: {lin: [20 nS, 120 nS], n: 1}}",
      "t.yaml:4:45 axes.syn.g_inh.n: must be >= 2, got 1"
    ),
    (
      "axes: {net.degree: {lin: [1, 3], n: 9}}",
      "t.yaml:4:37 axes.net.degree: has fewer than 9 different whole numbers; lower n"
    ),
    (
      "fixed:\n  net.degree: 80\naxes:\n  net.degree: {values: [10]}",
      "t.yaml:5:3 net.degree is both fixed (line 5) and an axis (line 7)"
    ),
    (
      "axes: {syn.g_exc: {values: []}}",
      "t.yaml:4:28 axes.syn.g_exc: axis has no points; list at least one value"
    ),
    (
      "axes: {syn.g_exc: {n: 3}}",
      "t.yaml:4:8 axes.syn.g_exc: axis has no points; give one of values, lin, log, geom, choice"
    ),
    (
      "axes: {syn.g_exc: 3 nS}",
      """t.yaml:4:19 axes.syn.g_exc: expected {values: [...]}, {choice: [...]} or {lin: [min, max], n: 5}, got "3 nS""""
    ),
    (
      "axes: {sim.dt: {values: [0.1 ms, 1e-4 s]}}",
      """t.yaml:4:34 axes.sim.dt: "0.0001 s" repeats "0.1 ms""""
    ),
    ("axes: {net.p: {values: [1.5]}}", "t.yaml:4:25 axes.net.p: must be in [0, 1], got 1.5"),
    (
      "fixed: {sim.precision: float16}",
      """t.yaml:4:24 fixed.sim.precision: expected one of [float32, float64], got "float16""""
    ),
    (
      "fixed: {net.neurons: many}",
      """t.yaml:4:22 fixed.net.neurons: expected a whole number, got "many""""
    ),
    ("derive: {r: 1}\nderive: {s: 1}", """t.yaml:5:1 duplicate key "derive""""),
    (
      "axes:\n  syn.g_exc: {values: [2 nS]}\n  syn.g_exc: {values: [3 nS]}",
      """t.yaml:6:3 duplicate key "syn.g_exc""""
    ),
    ("replicate: {n: 2}", """t.yaml:4:1 replicate: unknown key "replicate"; did you mean "replicates"?"""),
    (
      "derive: {syn.ratio: syn.g_inh / syn.g_exc}\nwhere: [syn.ration > 2]",
      """t.yaml:5:9 where[0]: unknown name "syn.ration"; known: syn.ratio, net.neurons, net.exc_fraction, ..."""
    ),
    (
      "derive: {a: b * 2, b: net.p}",
      """t.yaml:4:13 derive.a: uses "b", which is derived later; move it up"""
    ),
    (
      "fixed: {net.p: 0.1}\nderive: {net.p: net.degree / 1000}",
      """t.yaml:5:10 derive.net.p: "net.p" is already fixed"""
    ),
    (
      "where: [net.storage == stored]",
      """t.yaml:4:9 where[0]: unknown name "stored"; words stand in quotes: 'stored'"""
    ),
    (
      "where: [input.rate > 5]",
      """t.yaml:4:9 where[0]: number without unit; did you mean "5 Hz"?"""
    ),
    (
      "where: [syn.g_exc > 5 mV]",
      "t.yaml:4:9 where[0]: compares conductance (syn.g_exc) with voltage (5 mV)"
    ),
    ("where: [syn.g_exc > 5 ns]", """t.yaml:4:9 where[0]: unknown unit in "5 ns"; did you mean "nS"?"""),
    ("where: [syn.g_exc >]", """t.yaml:4:9 where[0]: cannot read "syn.g_exc >": syntax error at its end; a name, number or ")" may be missing"""),
    ("where: [net.p ^ 2 > 1]", """t.yaml:4:9 where[0]: "^" is no power; write pow(a, b)"""),
    (
      "where: [sqroot(net.p) > 1]",
      """t.yaml:4:1 where: cannot compute "sqroot(net.p) > 1": no function "sqroot"; use those of java.lang.StrictMath"""
    ),
    (
      "axes: {syn.g_exc: {lin: [2 nS, 12 nS], n: 3}, syn.g_inh: {lin: [60 nS, 120 nS], n: 4}}\n" +
        "derive: {syn.ratio: syn.g_inh / syn.g_exc}\n" +
        "where: [\"syn.ratio >= 1 && syn.ratio <= 0.4\"]",
      """t.yaml:6:9 where[0] removes all 12 combinations; tightest part is "syn.ratio <= 0.4""""
    ),
    (
      "axes: {net.degree: {values: [10, 20, 30]}}\nwhere: [net.degree > 15, net.degree < 15]",
      """t.yaml:5:1 where removes all 3 combinations; tightest part is "net.degree < 15""""
    ),
    ("replicates: {n: 0, seed: 1}", "t.yaml:4:17 replicates.n: must be >= 1, got 0"),
    ("replicates: {n: 2}", "t.yaml:4:13 replicates.seed: is missing; seeds are explicit, e.g. seed: 1"),
    (
      "metrics: [mean_rte]",
      """t.yaml:4:11 metrics[0]: model coba-lif has no metric "mean_rte"; did you mean "mean_rate"?"""
    ),
    (
      "record: {spikes: {populations: [E, X]}}",
      """t.yaml:4:36 record.spikes.populations[1]: model coba-lif has no population "X"; known: E, I"""
    ),
    (
      "record: {traces: [{population: E, variable: w}]}",
      """t.yaml:4:45 record.traces[0].variable: model coba-lif has no variable "w"; known: v, g_exc, g_inh, rate"""
    ),
    (
      "record: {traces: [{population: E, variable: rate, neurons: 4}]}",
      "t.yaml:4:60 record.traces[0].neurons: the rate is of the whole population; delete this key"
    ),
    ("where: [\"syn.g_exc > > 2 nS\"]", """t.yaml:4:9 where[0]: cannot read "syn.g_exc > > 2 nS": syntax error near ">""""),
    ("replicates: {n: 2, seed: 99999999999999999999}",
      """t.yaml:4:26 replicates.seed: must be in [-2^63, 2^63 - 1], got "99999999999999999999""""),
    ("guards: {max_rate: 0 Hz}", "t.yaml:4:20 guards.max_rate: must be > 0, got \"0 Hz\""),
    ("record: {spikes: {chunk: 0 ms}}", "t.yaml:4:26 record.spikes.chunk: must be > 0, got \"0 ms\""),
    ("output: {root: 's3b://x'}", "t.yaml:4:16 output.root: \"s3b://x\": no exclusive create for s3b: yet; use a folder such as ./results"),
    ("guards: {max_rate: 300}", """t.yaml:4:20 guards.max_rate: number without unit; did you mean "300 Hz"?"""),
    (
      "axes: {syn.delay: {values: [1 ms], when: \"input.rate > 0 Hz\"}}",
      """t.yaml:4:36 axes.syn.delay.when: "when" is not supported yet"""
    ),
    ("search: {method: tpe}", """t.yaml:4:1 search: "search" is not supported yet"""),
    ("zip: [a]", """t.yaml:4:1 zip: "zip" is not supported yet"""),
    ("execution: {pack: 3}", """t.yaml:4:13 execution.pack: "pack" is not supported yet"""),
    (
      "sampling: {method: halton, n: 3}",
      "t.yaml:4:20 sampling.method \"halton\" is not supported yet; use grid or random or sobol or latin"
    ),
    ("sampling: {n: 3}", "t.yaml:4:12 sampling.n: not for method grid; say method: random"),
    (
      "refine: {params: [syn.g_ecx], targets: {mean_rate: 20 Hz}}",
      """t.yaml:4:19 refine.params[0]: model coba-lif has no smooth parameter "syn.g_ecx"; did you mean "syn.g_exc"?"""
    ),
    (
      "refine: {params: [syn.g_exc], targets: {mean_rat: 20 Hz}}",
      """t.yaml:4:41 refine.targets.mean_rat: model coba-lif has no smooth target "mean_rat"; did you mean "mean_rate"?"""
    ),
    (
      "refine: {params: [syn.g_exc], targets: {mean_rate: 20}}",
      """t.yaml:4:52 refine.targets.mean_rate: number without unit; did you mean "20 Hz"?"""
    ),
    (
      "refine: {params: [syn.g_exc], targets: {mean_rate: 0 Hz}}",
      "t.yaml:4:52 refine.targets.mean_rate: must not be 0, for distances are relative to it"
    ),
    (
      "refine: {params: [syn.g_exc], targets: {mean_rate: 9 Hz}, window: 10 ms}",
      "t.yaml:4:9 refine.reach: must be at most the window, 10 ms, got 20 ms"
    ),
    (
      "refine: {params: [syn.g_exc], targets: {mean_rate: 9 Hz}, starts: {n: 3}}",
      "t.yaml:4:59 refine.starts: starts are the points of the sweep; give the refined parameters axes, and" +
        " say sampling: {method: sobol, n: 10, seed: 1} to draw them"
    ),
    (
      "refine: {params: [syn.g_exc], targets: {mean_rate: 9 Hz}, method: annealing}",
      """t.yaml:4:67 refine.method: expected gradient, got "annealing""""
    ),
    ("refine: {targets: {mean_rate: 9 Hz}}", "t.yaml:4:9 refine.params: is missing; known: syn.g_exc, syn.g_inh, " +
      "syn.tau_exc, syn.tau_inh, neuron.tau_m, neuron.g_leak, input.drive, input.g"),
    (
      "axes: {syn.g_exc: {values: [0 nS, 1 nS]}}\nrefine: {params: [syn.g_exc], targets: {mean_rate: 9 Hz}}",
      "t.yaml:4:29 axes.syn.g_exc: syn.g_exc = 0 nS must be > 0, for a refined parameter moves by ratios (1 of 2 configurations)"
    ),
    (
      "refine: {params: [syn.g_exc], targets: {mean_rate: 9 Hz}, window: 30.05 ms}",
      "t.yaml:4:67 refine.window = 30.05 ms must be a multiple of sim.dt = 0.1 ms; nearest is 30 ms"
    ),
    (
      "axes: {syn.g_exc: {lin: [1 nS, 2 nS], n: 3}}\nsampling: {method: random, n: 3, seed: 1}",
      "t.yaml:4:39 axes.syn.g_exc: axis is sampled (sampling.over); drop its n"
    ),
    (
      "axes: {syn.g_exc: {values: [1 nS, 2 nS]}}\nsampling: {method: random, n: 3, seed: 1, over: [syn.g_inh]}",
      """t.yaml:5:50 sampling.over[0]: "syn.g_inh" is no axis; did you mean "syn.g_exc"?"""
    ),
    ("execution: {backend: gpu}", "t.yaml:4:22 execution.backend: expected auto or cpu or cuda or reference, got \"gpu\""),
    ("execution: {order: fastest}", """t.yaml:4:20 execution.order: expected longest_first or plan, got "fastest""""),
    ("schema: 2", "t.yaml:4:9 schema: this version reads 1, got 2"),
    (
      "record: {spikes: {}}\nbudget: {output_gb: 0.0001}\nfixed: {net.neurons: 20000}",
      "t.yaml:4:10 record.spikes: predicted 0.0008 GB exceeds budget.output_gb 0.0001; record fewer neurons or raise the budget"
    ),
    (
      "budget: {trials: 2}\naxes: {net.degree: {values: [10, 20, 30]}}",
      "t.yaml:4:18 budget.trials: plan has 3 trials, budget is 2; drop values or raise the budget"
    ),
    (
      "axes: {syn.delay: {values: [0.15 ms]}}",
      "t.yaml:4:29 axes.syn.delay: syn.delay = 0.15 ms is no multiple of sim.dt = 0.1 ms"
    ),
    (
      "fixed:\n  syn.delay: 0.15 ms",
      "t.yaml:5:14 fixed.syn.delay: syn.delay = 0.15 ms is no multiple of sim.dt = 0.1 ms"
    ),
    (
      "axes: {syn.delay: {values: [0.1 ms, 0.15 ms]}, net.degree: {values: [1, 2, 3]}}",
      "t.yaml:4:37 axes.syn.delay: syn.delay = 0.15 ms is no multiple of sim.dt = 0.1 ms (3 of 6 configurations)"
    ),
    (
      "axes: {syn.delay: {lin: [0.1 ms, 0.2 ms], n: 3}}",
      "t.yaml:4:25 axes.syn.delay: syn.delay = 0.15 ms is no multiple of sim.dt = 0.1 ms (1 of 3 configurations)"
    ),
    (
      "axes: {sim.dt: {values: [0.1 ms, 0.25 ms]}}\nderive: {syn.delay: sim.dt / 2}\nrecord: {spikes: {chunk: 50 ms}}",
      "t.yaml:5:21 derive.syn.delay: syn.delay = 0.05 ms is no multiple of sim.dt = 0.1 ms"
    ),
    (
      "record: {spikes: {chunk: 0.25 ms}, traces: [{population: E, variable: v, every: 0.3 ms}]}",
      "t.yaml:4:26 record.spikes.chunk = 0.25 ms is no multiple of sim.dt = 0.1 ms"
    ),
    (
      "record: {traces: [{population: E, variable: v, every: 0.25 ms}]}",
      "t.yaml:4:55 record.traces[0].every = 0.25 ms is no multiple of sim.dt = 0.1 ms"
    ),
    (
      "axes: {net.degree: {values: [10, 2000]}}\nderive: {net.p: net.degree / 1000}",
      "t.yaml:5:1 derive: at {net.degree=2000, net.p=2}: must be in [0, 1], got 2"
    ),
    (
      "axes: {syn.delay: {lin: [0.1 ms, 1 ms], n: 3, round: 0.2 ms}}",
      "t.yaml:4:25 axes.syn.delay: min and max must be multiples of round, got [0.1 ms, 1 ms]"
    ),
    (
      "axes: {syn.delay: {values: [0.1 ms], round: 0.1 ms}}",
      "t.yaml:4:38 axes.syn.delay: round is for lin, log and geom; drop it"
    ),
    (
      "axes: {net.degree: {geom: [1000, 3000], n: 5, round: 1000}}",
      "t.yaml:4:44 axes.net.degree: has fewer than 5 different multiples of round; lower n"
    ),
    (
      "record: {traces: [{population: E, variable: v}]}\nbudget: {output_gb: 0}\nfixed: {syn.delay: 0.15 ms}",
      "t.yaml:6:20 fixed.syn.delay: syn.delay = 0.15 ms is no multiple of sim.dt = 0.1 ms"
    ),
    ("axes: [a, b", "t.yaml:4:12 not valid YAML: expected ',' or ']', but got <stream end>")
  )

  test("every mistake is shown at its place, with what would be right") {
    val wrong = messages.map { case (text, error) => (errors(after(text)), List(error)) }
      .filter { case (shown, expected) => shown != expected }
    assert(wrong.isEmpty, wrong.mkString("\n", "\n", ""))
  }

  test("a file shows all its errors at once, in order of place and aligned") {
    val shown = errors(
      after("fixed: {sim.dt: 0.1}\nreplicates: {n: 0, seed: 1}\naxes:\n  syn.g_exc: {values: [2 mV]}\nbudgt: 1")
    )
    assert(
      shown === List(
        "t.yaml:4:17 fixed.sim.dt: number without unit; did you mean \"0.1 ms\"?",
        "t.yaml:5:17 replicates.n: must be >= 1, got 0",
        "t.yaml:7:24 axes.syn.g_exc: expected conductance, got voltage (\"2 mV\"); example: \"6 nS\"",
        "t.yaml:8:1  budgt: unknown key \"budgt\"; did you mean \"budget\"?"
      )
    )
  }

  test("conflicts that depend on each other are all shown, what is left out by where is not") {
    val text = "axes: {syn.delay: {values: [0.1 ms, 0.15 ms, 0.25 ms]}, sim.dt: {values: [0.1 ms, 0.05 ms]}}"
    assert(
      errors(after(text)) === List(
        "t.yaml:4:37 axes.syn.delay: syn.delay = 0.15 ms is no multiple of sim.dt = 0.1 ms (1 of 6 configurations)",
        "t.yaml:4:46 axes.syn.delay: syn.delay = 0.25 ms is no multiple of sim.dt = 0.1 ms (1 of 6 configurations)"
      )
    )
    assert(errors(after(text + "\nwhere: [\"syn.delay == 0.1 ms || sim.dt < 0.1 ms\"]")) === Nil)
    assert(
      errors(after("axes: {syn.g_exc: {values: [2 nS]}}"), "fixed.syn.delay=0.15 ms") ===
        List("--set fixed.syn.delay=0.15 ms: fixed.syn.delay: syn.delay = 0.15 ms is no multiple of sim.dt = 0.1 ms")
    )
  }

  test("text has a list of choices and nothing between; what the model cannot read is shown at its place") {
    val own = Sweeps.over(JList.of(new SnnClassifier))
    def shown(kind: String) =
      errors(own, s"sweep: t\nmodel: snn-classifier\naxes:\n  surrogate.kind: $kind")
    assert(shown("{choice: [arctan, \"sigmoid(alpha=2)\", \"max(0, 1 - abs(x))\"]}") === Nil)
    assert(shown("{lin: [arctan, erf], n: 3}") === List("t.yaml:4:20 axes.surrogate.kind: lin is for numbers; use choice"))
    assert(
      shown("{choice: [erf, \"erf(beta=2)\"]}") === List(
        "t.yaml:4:34 axes.surrogate.kind: erf has no parameter \"beta\"; known: [alpha] (1 of 2 configurations)"
      )
    )
  }

  test("a model that does not exist is named with the nearest that does") {
    assert(
      errors("sweep: t\nmodel: coba_lif\nreplicates: {n: 0, seed: 1}") === List(
        "t.yaml:2:8  model: no model \"coba_lif\"; did you mean \"coba-lif\"?",
        "t.yaml:3:17 replicates.n: must be >= 1, got 0"
      )
    )
  }

  test("what must be there is asked for") {
    assert(
      errors("about: x") === List(
        "t.yaml:1:1 sweep: is missing; it names the folder of results",
        "t.yaml:1:1 model: is missing; known: coba-lif"
      )
    )
    assert(errors("") === List("t.yaml:1:1 expected keys such as sweep, model and axes, got nothing"))
    assert(
      errors("sweep: ../up\nmodel: coba-lif") ===
        List("t.yaml:1:8 sweep: a name has letters, digits, dot, - and _, got \"../up\"")
    )
    val long = "a" * 300
    assert(errors(s"sweep: $long\nmodel: coba-lif") ===
      List("t.yaml:1:8 sweep: a name has at most 100 characters, got 300; it names a folder"))
  }

  test("a file that is not there is said to be missing") {
    val thrown =
      intercept[InvalidSweep](sweeps.read(java.nio.file.Path.of("/nowhere/a.yaml"), JList.of()))
    assert(thrown.getMessage === "/nowhere/a.yaml: no such file; there is no folder /nowhere either")
  }

  test("plans above the limit ask for consent") {
    val big = head + "axes: {syn.g_exc: {lin: [1 nS, 2 nS], n: 1000}, syn.g_inh: {lin: [1 nS, 2 nS], n: 1000}}"
    assert(
      errors(big) === List(
        "plan would run 1,000,000 trials; limit is 100,000. Pass --max-trials to confirm."
      )
    )
  }
}
