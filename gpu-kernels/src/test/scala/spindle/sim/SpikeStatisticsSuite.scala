package spindle.sim

import java.lang.management.ManagementFactory

import scala.util.Random

import org.scalatest.funsuite.AnyFunSuite
import spindle.model.{Input, Projection}
import spindle.backend.Backend
import spindle.backend.cpu.CpuBackend
import spindle.compile.Mode
import spindle.ir.Generators

class SpikeStatisticsSuite extends AnyFunSuite {
  private def statistics(n: Int, from: Int, bin: Int, end: Int, spikes: Seq[(Int, Int)]): SpikeStatistics = {
    val s = new SpikeStatistics(Networks.population("p", n, Networks.lif()).all, from, bin)
    spikes.sorted.foreach { case (step, i) => s.spike(step, i) }
    s.until(end)
    s
  }

  test("rate counts spikes behind the warm-up, per neuron and second") {
    val s = statistics(4, 100, 10, 1000, Seq(50 -> 0, 100 -> 0, 500 -> 3, 999 -> 1))
    assert(s.spikes === 3 && s.allSpikes === 4)
    assert(s.rate(0.5) === 1.5)
  }

  test("neurons of other groups do not count") {
    val group = Networks.population("p", 10, Networks.lif()).group("E", 2, 5)
    val s = new SpikeStatistics(group, 0, 10)
    (0 until 10).foreach(i => s.spike(3, i))
    assert(s.spikes === 3)
  }

  test("CV is 0 for a clock and 1 for a Poisson process") {
    assert(statistics(1, 0, 10, 1000, (0 until 1000 by 17).map(_ -> 0)).cvIsi === 0)
    val random = new Random(1)
    val spikes = for (i <- 0 until 50; step <- 0 until 20000 if random.nextInt(100) == 0) yield step -> i
    // 200 intervals per neuron, 50 neurons: standard error about 1 / sqrt(2 * 10000); p = 0.01 takes 0.5 % off.
    assert((statistics(50, 0, 10, 20000, spikes).cvIsi - 0.995).abs < 0.04)
    assert(statistics(1, 0, 10, 1000, Seq(1 -> 0, 2 -> 0)).cvIsi.isNaN)
  }

  test("synchrony is 1 when all fire together and about 1 / sqrt(n) when each fires alone") {
    val random = new Random(2)
    val times = Seq.fill(100)(random.nextInt(20000)).distinct
    assert((statistics(20, 0, 50, 20000, for (t <- times; i <- 0 until 20) yield t -> i).synchrony - 1).abs < 1e-12)
    val alone = for (i <- 0 until 100; step <- 0 until 20000 if random.nextInt(200) == 0) yield step -> i
    assert((statistics(100, 0, 50, 20000, alone).synchrony - 0.1).abs < 0.03)
    assert(statistics(5, 0, 50, 20000, Nil).synchrony.isNaN)
  }

  test("statistics do not depend on how often the spikes are passed on") {
    val random = new Random(3)
    val spikes = (for (i <- 0 until 10; step <- 0 until 5000 if random.nextInt(100) == 0) yield step -> i).sorted
    val once = statistics(10, 500, 30, 5000, spikes)
    val often = new SpikeStatistics(Networks.population("p", 10, Networks.lif()).all, 500, 30)
    spikes.groupBy(_._1 / 70).toSeq.sortBy(_._1).foreach { case (k, s) =>
      s.foreach { case (step, i) => often.spike(step, i) }
      often.until((k + 1) * 70 min 5000)
    }
    often.until(5000)
    assert((often.cvIsi, often.synchrony, often.rate(1)) === ((once.cvIsi, once.synchrony, once.rate(1))))
  }
}

class ClockSuite extends AnyFunSuite {
  private def simulation(backend: Backend = new CpuBackend(Mode.PLAIN)): Simulation = {
    val cells = Networks.population("cells", 3, Networks.lif(), new Input.Constant(30))
    new Simulation(Networks.network(Seq(cells)), 1, backend)
  }

  private def run(end: Int, probes: Probe*): (Verdict, Int) = {
    val s = simulation()
    (new Clock(s, java.util.List.of(probes: _*)).run(end), s.step)
  }

  test("every probe looks at its multiples and at the end") {
    val (three, seven) = (new Networks.Watch(3), new Networks.Watch(7))
    assert(run(20, three, seven) === ((Verdict.GO_ON, 20)))
    assert(three.looks.toSeq === (3 to 18 by 3) :+ 20)
    assert(seven.looks.toSeq === Seq(7, 14, 20))
  }

  test("the first probe that says stop ends the run, after all have looked") {
    val (a, b) = (new Networks.Watch(5, stopAt = 10), new Networks.Watch(10))
    val (verdict, step) = run(100, a, b)
    assert(verdict.kind === Verdict.Kind.STOPPED && verdict.reason === "enough" && step === 10)
    assert(b.looks.toSeq === Seq(10))
  }

  test("spikes are the same however the run is cut") {
    val (whole, cut) = (simulation(), simulation())
    whole.run(200)
    Seq(1, 2, 3, 94, 100).foreach(cut.run)
    val logs = Seq(whole, cut).map { s =>
      val log = s.spikes(s.network.populations.get(0))
      Vector.tabulate(log.size)(k => (log.step(k), log.index(k)))
    }
    assert(logs(0) === logs(1) && logs(0).nonEmpty)
  }

  test("to find that all state is finite allocates nothing") {
    val bean = ManagementFactory.getThreadMXBean.asInstanceOf[com.sun.management.ThreadMXBean]
    for (backend <- Generators.others) {
      val s = simulation(backend)
      s.run(10)
      val probe = new FiniteProbe(1, java.util.List.of())
      def bytes(): Long = {
        val before = bean.getThreadAllocatedBytes(Thread.currentThread.getId)
        var k = 0
        while (k < 500) {
          probe.look(s)
          k += 1
        }
        bean.getThreadAllocatedBytes(Thread.currentThread.getId) - before
      }
      // What classes take that the first looks load does not count, nor what reading the count itself takes.
      bytes()
      assert(bytes() < 500, backend.device)
      s.close()
    }
  }

  test("a network without populations is refused or runs to its end") {
    val s = new Simulation(Networks.network(Nil, Seq.empty[Projection]), 1, new CpuBackend(Mode.PLAIN))
    s.run(5)
    assert(s.step === 5 && s.nonFinite(java.util.List.of()) === "" && s.synapses.isEmpty)
  }

  test("backends are found by name, and a wrong name lists the right ones") {
    spindle.backend.cuda.StandIn.missing // loaded, if at all, before anybody looks for the driver, which is once
    assert(Backends.named("cpu").name === "cpu" && Backends.named("auto").name === "cpu")
    assert(Backends.named("reference").name === "reference")
    Backends.names.forEach { n =>
      if (Backends.missing(n).isEmpty) assert(Backends.named(n) != null)
      else assert(intercept[IllegalArgumentException](Backends.named(n)).getMessage.contains(Backends.missing(n)))
    }
    assert(intercept[IllegalArgumentException](Backends.named("gpu")).getMessage ===
      "no backend \"gpu\"; known: [auto, cpu, cuda, reference]")
    assert(Backends.choice.startsWith("cpu, "))
  }
}
