package spindle.sweep

import java.nio.file.{Files, Path}

import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks

import SweepFiles._

class ResolvedSuite extends AnyFunSuite with TableDrivenPropertyChecks {

  private val shipped = Seq("quickstart", "coba-lif-balance", "fit-rates")
    .map(name => Files.readString(Path.of(System.getProperty("spindle.root"), "sweep-configs", name + ".yaml")))

  private val texts = shipped ++ Seq(
    head,
    head + "about: 'it says \"so\" \\\\ so'\nfixed: {sim.dt: 0.05 ms, syn.delay: 1.7 ms, net.storage: stored}",
    head + "axes: {syn.g_exc: {log: [2 nS, 12 nS], n: 8}, syn.g_inh: {lin: [1.1 nS, 7.3 nS], n: 7}, net.p: {values: [1.0e-8, 0.3]}}",
    head + "axes: {net.storage: {choice: [stored, auto]}, net.neurons: {geom: [10, 5000], n: 6}, syn.tau_exc: {lin: [1 ms, 4 ms], n: 3, round: 0.5 ms}}\nbudget: {trials: 100, output_gb: 1.5}",
    head + "axes: {syn.g_exc: {log: [2 nS, 12 nS]}, syn.g_inh: {lin: [10 nS, 80 nS]}, net.degree: {values: [5, 9]}}\n" +
      "sampling: {method: random, n: 9, seed: -3, over: [syn.g_exc, syn.g_inh]}\nreplicates: {n: 3, seed: 8, common_random_numbers: false}",
    head + "axes: {syn.g_exc: {log: [2 nS, 12 nS]}}\nsampling: {method: latin, n: 9, seed: 3}\n" +
      "refine: {params: [syn.g_exc, input.drive], targets: {v_mean: -60.5 mV, g_exc_mean: 4}, steps: 3, lr: 0.01, clip: 2, window: 0.1 s, optimizer: adam}\nmetrics: [loss, input.drive]",
    head + "axes: {net.degree: {values: [10, 20, 40]}}\nderive: {net.p: net.degree / net.neurons, x: net.p * 2}\nwhere: ['x > 0.006', \"net.storage == 'auto'\"]",
    head + "record: {spikes: {populations: [I], chunk: 12.5 ms}, traces: [{population: E, variable: v}, {population: I, variable: g_exc, neurons: 3, every: 0.3 ms}, {population: E, variable: rate, every: 5 ms}]}\n" +
      "guards: {max_rate: 99.5 Hz, silent_after: 0.25 s}\nmetrics: [mean_rate]\nexecution: {backend: cpu, partitions: 3, order: plan, failures: {max_fraction: 0.1, same_error: 0, on_abort: cancel}}\n" +
      "output: {root: 'a b: #c', reuse: params}"
  )

  private def trials(plan: LazyPlan) = SweepFiles.trials(plan).map(t => (t.trialId, t.resultKey, t.seed))

  test("a resolved sweep reads to the same sweep and plan, and says every default") {
    for (text <- texts) {
      val (before, again) = (plan(text), plan(plan(text).sweep.resolved))
      assert(trials(again) === trials(before), before.sweep.resolved)
      assert(again.planId === before.planId)
      val (a, b) = (before.sweep, again.sweep)
      assert(b.execution === a.execution && b.guards === a.guards && b.recording === a.recording)
      assert(b.selection === a.selection && b.budget === a.budget && b.reuse === a.reuse && b.root === a.root)
      assert(b.about === a.about && b.metrics === a.metrics && b.replicates === a.replicates && b.axes === a.axes && b.refinement === a.refinement)
      assert(b.resolved === a.resolved)
      assert(a.resolved.contains("neuron.tau_m: ") && a.resolved.contains("execution: {backend: "))
    }
  }

  test("overrides are in the resolved sweep") {
    val set = plan(head + "fixed: {syn.g_exc: 2 nS}", "fixed.syn.g_exc=3 nS", "replicates.n=4", "replicates.seed=1").sweep
    assert(set.resolved.contains("  syn.g_exc: 3 nS\n") && set.resolved.contains("replicates: {n: 4, seed: 1,"))
  }
}
