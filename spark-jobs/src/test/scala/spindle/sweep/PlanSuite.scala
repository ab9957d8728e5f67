package spindle.sweep

import scala.jdk.CollectionConverters._

import org.scalacheck.Gen
import org.scalatest.funsuite.AnyFunSuite
import org.scalatestplus.scalacheck.ScalaCheckPropertyChecks

import spindle.task.Unit
import SweepFiles._

class PlanSuite extends AnyFunSuite with ScalaCheckPropertyChecks {

  private val degrees = List("net.degree", "net.neurons")
  private val spec = for {
    axes <- Gen.someOf("net.degree", "net.neurons", "syn.g_exc", "input.drive", "net.storage")
    sizes <- Gen.listOfN(5, Gen.choose(1, 3))
    limit <- Gen.choose(0, 45)
    replicates <- Gen.choose(1, 3)
  } yield (axes.toList.zip(sizes), limit, replicates)

  private def values(axis: String, n: Int): List[String] = axis match {
    case "net.storage" => List("auto", "stored", "regenerated").take(n)
    case "syn.g_exc"   => List("2 nS", "4 nS", "0.006 uS").take(n)
    case "input.drive" => List("20 mV", "0 mV", "-5 mV").take(n)
    case _             => List("30", "10", "20").take(n)
  }

  private def yaml(axes: List[(String, Int)], limit: Int, replicates: Int): String =
    head + axes
      .map { case (a, n) => s"  $a: {values: [${values(a, n).mkString(", ")}]}" }
      .mkString(if (axes.isEmpty) "" else "axes:\n", "\n", "\n") +
      s"where: [net.degree + net.neurons >= $limit]\n" +
      s"replicates: {n: $replicates, seed: 5}\nfixed: {${fixed(axes)}}\n"

  private def fixed(axes: List[(String, Int)]) =
    degrees.filterNot(d => axes.exists(_._1 == d)).map(d => s"$d: 1").mkString(", ")

  test("a plan is the product of its axes without what where removes, replicates innermost") {
    forAll(spec) { case (axes, limit, replicates) =>
      val points = axes.foldLeft(List(List.empty[(String, String)])) { case (made, (axis, n)) =>
        for (point <- made; value <- values(axis, n)) yield point :+ (axis -> value)
      }
      val kept = points.filter { p =>
        degrees.map(d => p.toMap.getOrElse(d, "1").toInt).sum >= limit
      }
      val expected = for (point <- kept; r <- 0 until replicates) yield (point, r)
      whenever(expected.nonEmpty) {
        val made = plan(yaml(axes, limit, replicates))
        val all = trials(made)
        val got = all.map(t =>
          (made.parameters(t).asScala.toList.map { case (k, v) => k -> v.toString }, t.replicate)
        )
        assert(got === expected)
        assert(made.size === expected.size && made.combinations === points.size)
        assert(all.map(_.trialId).toSet.size === all.size)
        assert(all.map(_.index) === all.map(_.index).sorted.distinct)
        assert(made.backwards.asScala.toList === all.reverse)
      }
    }
  }

  test("lin, log and geom hit their ends and the values a user would write") {
    val made = plan(
      head + "axes: {syn.g_inh: {lin: [20 nS, 120 nS], n: 6}, syn.g_exc: {log: [1 nS, 100 nS], n: 3}, " +
        "net.neurons: {geom: [100, 1600], n: 5}, net.p: {lin: [0, 1], n: 4}}"
    )
    val shown = made.sweep.axisValues.asScala.map { case (k, v) => k -> v.asScala.mkString(" ") }
    assert(shown("syn.g_inh") === "20 nS 40 nS 60 nS 80 nS 100 nS 120 nS")
    assert(shown("syn.g_exc") === "1 nS 10 nS 100 nS")
    assert(shown("net.neurons") === "100 200 400 800 1600")
    assert(shown("net.p") === "0 0.333333333333 0.666666666667 1")
  }

  private def sampled(n: Int, extra: String = "") =
    plan(
      head + "axes: {syn.g_exc: {lin: [2 nS, 4 nS]}, syn.g_inh: {log: [1 nS, 100 nS]}, " +
        s"net.degree: {lin: [1, 3]}, net.storage: {choice: [auto, stored]}$extra}\n" +
        s"sampling: {method: random, n: $n, seed: 3}"
    )

  private def points(p: LazyPlan) = trials(p).map(t => p.parameters(t).asScala.toMap)

  test("random point k depends on the seed and its axis alone") {
    val few = points(sampled(5))
    assert(points(sampled(50)).take(5) === few)
    val wider = points(sampled(5, ", input.drive: {lin: [0 mV, 1 mV]}")).map(_ - "input.drive")
    assert(wider === few)
  }

  test("sobol and latin points fill every part of every axis once, and point k depends on its number alone") {
    def unit(method: String, n: Int, seed: Int) = {
      val p = plan(head + "axes: {syn.g_exc: {lin: [0 nS, 1 nS]}, syn.g_inh: {lin: [0 nS, 1 nS]}}\n" +
        s"sampling: {method: $method, n: $n, seed: $seed}")
      trials(p).map(t => Seq("syn.g_exc", "syn.g_inh").map(p.settings(t).number(_, Unit.NANOSIEMENS)))
    }
    for (method <- Seq("sobol", "latin"); n <- Seq(1, 2, 64)) {
      val points = unit(method, n, 5)
      for (axis <- 0 to 1; parts = points.map(x => (x(axis) * n).toInt.min(n - 1)))
        if (method == "latin") assert(parts.sorted === (0 until n).toList)
        else assert(parts.groupBy(identity).values.forall(_.size <= 2), "a shift moves each point by one part at most")
      assert(points.distinct.size === n && unit(method, n, 6) != points)
    }
    assert(unit("sobol", 64, 5).take(9) === unit("sobol", 9, 5))
    // The first four points of the sequence (Joe and Kuo 2008), each axis shifted by a constant modulo 1.
    val shifts = unit("sobol", 4, 5).zip(Seq(Seq(0.0, 0.0), Seq(0.5, 0.5), Seq(0.75, 0.25), Seq(0.25, 0.75)))
      .map { case (x, s) => x.zip(s).map { case (a, b) => math.round((a - b + 1) % 1 * 1e9) % 1000000000 } }
    assert(shifts.distinct.size === 1)
    val together = unit("latin", 64, 5).count(x => (x(0) * 64).toInt == (x(1) * 64).toInt)
    assert(together < 8, "the axes are permuted apart: on average 1 point has the same part of both")
  }

  test("random points fill their range evenly, in the logarithm where the axis says so") {
    val p = sampled(1000)
    val settings = trials(p).map(p.settings)
    val g = settings.map(_.number("syn.g_exc", Unit.NANOSIEMENS))
    assert(g.forall(x => x >= 2 && x <= 4))
    // mean of n uniform numbers: standard error 0.577 / sqrt(n); 5 of them
    assert(math.abs(g.sum / g.size - 3) < 5 * 0.577 / math.sqrt(1000))
    val below = settings.count(_.number("syn.g_inh", Unit.NANOSIEMENS) < 10)
    assert(math.abs(below - 500) < 5 * math.sqrt(250))
    val degrees = settings.groupBy(_.count("net.degree")).map { case (k, v) => k -> v.size }
    assert(degrees.keySet === Set(1L, 2L, 3L))
    assert(degrees.values.forall(n => math.abs(n - 333) < 5 * math.sqrt(222)))
    assert(settings.map(_.word("net.storage")).toSet === Set("auto", "stored"))
  }

  test("round makes every point a multiple, listed or drawn, so that times fit the step") {
    val p = plan(head + "axes: {syn.delay: {lin: [0.1 ms, 5 ms], round: 0.1 ms}}\nsampling: {method: random, n: 900, seed: 3}")
    val delays = trials(p).map(t => p.settings(t).values.get("syn.delay").toString).toSet
    val steps = (1 to 50).map(k => if (k % 10 == 0) s"${k / 10} ms" else s"${k / 10}.${k % 10} ms").toSet
    assert(delays === steps, "both ends are as likely as the rest")
    val sizes = plan(head + "axes: {net.neurons: {geom: [2000, 50000], n: 6, round: 1000}}")
    assert(trials(sizes).map(t => sizes.settings(t).count("net.neurons")) === List(2000, 4000, 7000, 14000, 26000, 50000))
  }

  test("where a parameter was set is known by its place, not by its value") {
    val sweep = read(head + "fixed: {net.neurons: 4000, net.degree: 10}\naxes: {syn.g_exc: {lin: [1 nS, 2 nS], n: 2}, syn.g_inh: {values: [1 nS]}}\n" +
      "derive: {net.p: 80 / net.neurons, x: 1}", "axes.syn.g_exc.n=3", "fixed.net.degree=80")
    assert(sweep.sources.asScala.toMap === Map("net.neurons" -> "sweep", "net.degree" -> "override", "syn.g_exc" -> "override",
      "syn.g_inh" -> "sweep", "net.p" -> "derived"))
  }

  test("sampling over some axes leaves the others a grid") {
    val p = plan(
      head + "axes: {syn.g_exc: {lin: [2 nS, 4 nS]}, net.degree: {values: [1, 2]}}\n" +
        "sampling: {method: random, n: 3, seed: 3, over: [syn.g_exc]}"
    )
    val got = points(p)
    assert(got.map(_("net.degree").toString) === List("1", "2", "1", "2", "1", "2"))
    assert(got.map(_("syn.g_exc")).distinct.size === 3)
  }

  test("derived parameters are set at every point") {
    val p = plan(head + "axes: {net.neurons: {values: [100, 400]}}\nderive: {net.p: 80 / net.neurons}")
    assert(trials(p).map(t => p.settings(t).number("net.p")) === List(0.8, 0.2))
  }

  private val huge =
    "axes: {syn.g_exc: {lin: [1 nS, 2 nS], n: 1000}, syn.g_inh: {lin: [1 nS, 2 nS], n: 1000}, " +
      "net.degree: {values: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]}}\n"

  test("ten million trials are counted and reached without being made") {
    val p = LazyPlan.of(read(head + huge + "where: [net.degree <= 5]"), new ToyNetwork("coba-lif"))
    assert(p.combinations === 10_000_000 && p.size === 5_000_000)
    val last = p.backwards.next()
    assert(last.index === 9_999_994 && p.parameters(last).get("net.degree").toString === "5")
  }

  test("walking over trials keeps nothing") {
    val walk = LazyPlan.of(read(head + huge), new ToyNetwork("coba-lif")).trials
    (1 to 20_000).foreach(_ => walk.next())
    val before = held()
    (1 to 100_000).foreach(_ => walk.next())
    // one retained trial is 300 bytes, so keeping them would take 30 MB
    assert(held() - before < 5_000_000)
    assert(walk.hasNext)
  }

  private def held(): Long = {
    System.gc()
    Runtime.getRuntime.totalMemory - Runtime.getRuntime.freeMemory
  }

  test("more trials than a long can count are refused") {
    val axes = List("syn.g_exc", "syn.g_inh", "neuron.g_leak", "input.g").map(_ -> "nS") ++
      List("syn.tau_exc", "syn.tau_inh", "neuron.tau_m").map(_ -> "ms")
    assert(
      errors(
        head + axes
          .map { case (a, unit) => s"$a: {lin: [1 $unit, 9 $unit], n: 1000}" }
          .mkString("axes: {", ", ", "}")
      ) ===
        List("t.yaml:3:1 axes: more than 2^63 trials; give fewer values")
    )
  }
}
