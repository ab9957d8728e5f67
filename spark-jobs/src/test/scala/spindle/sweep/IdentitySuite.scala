package spindle.sweep

import java.nio.charset.StandardCharsets.UTF_8
import java.security.MessageDigest

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite
import spindle.task.NumericsVersion

import SweepFiles._

class IdentitySuite extends AnyFunSuite {

  private def sha(text: String): String =
    MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)).map("%02x".format(_)).mkString

  private val yaml = head +
    "fixed: {sim.dt: 0.1 ms, net.storage: stored}\n" +
    "axes: {syn.g_exc: {values: [2 nS, 6 nS]}, net.degree: {values: [10]}}\n" +
    "replicates: {n: 2, seed: 7}\nrecord: {spikes: {}}\nguards: {max_rate: 300 Hz}\n"

  private def ids(text: String, set: String*) = trials(plan(text, set: _*)).map(_.trialId)

  test("how a trial is refined is part of its configuration, and nothing else changes") {
    def refine(text: String) = yaml + s"refine: {params: [syn.g_exc], targets: {mean_rate: 20 Hz}$text}\n"
    val (plain, refined) = (ids(yaml), ids(refine("")))
    assert(refined.toSet.intersect(plain.toSet).isEmpty && refined.distinct.size === plain.size)
    assert(ids(refine(", steps: 60, window: 0.2 s, lr: 3.0e-1")) === refined, "defaults spelled out")
    for (other <- Seq(", steps: 61", ", lr: 0.2", ", reach: 10 ms", ", optimizer: adam", ", clip: 2"))
      assert(ids(refine(other)).toSet.intersect(refined.toSet).isEmpty, other)
    assert(trials(plan(refine(""))).map(_.seed) === trials(plan(yaml)).map(_.seed), "common random numbers")
  }

  test("ids are the documented hashes") {
    val p = plan(yaml)
    val trial = trials(p)(1)
    val params = p.settings(trial).values.asScala.toList
      .map { case (k, v) =>
        val text = v.canonical
        "\"" + k + "\":" + (if (text.head.isLetter) "\"" + text + "\"" else text)
      }
      .mkString(",")
    val config = sha(s"""{"model":"coba-lif","params":{$params},"schema":1}""").take(32)
    val seed = BigInt(sha("spindle-seed/1 7 1").take(16), 16) >> 1
    val id = sha(s"""{"config_id":"$config","replicate":1,"seed":$seed}""").take(32)
    val key = sha(
      s"""{"guards":{"max_rate_hz":3E+2},"numerics_version":${NumericsVersion.CURRENT},""" +
        s""""recording":{"chunk_ms":1E+2,"spikes":["E","I"]},"trial_id":"$id"}"""
    ).take(32)
    assert(trial === new PlannedTrial(1, id, config, key, 1, seed.toLong))
    val sum = trials(p).map(t => BigInt(sha(t.trialId), 16)).sum.mod(BigInt(1) << 256)
    val name = sha(
      s"""{"recording":{"chunk_ms":1E+2,"spikes":["E","I"]},"schema":1,"trials":"${sum.toString(16)}"}"""
    )
    assert(p.planId === name.take(32))
  }

  test("ids are the same in every run of every JVM") {
    val golden = List(
      "106683d57281f3d4ae24071f3f764259",
      "b629fc64dd9f08abc1d8e9976671e98a",
      "5b309496f531afb8883c13106ae27dad",
      "0d9bb8ea7bd22a3e3dcf148dbd423d30"
    )
    assert((ids(yaml), plan(yaml).planId) === ((golden, "814afd7e79ae671cb2ba83617374e633")))
  }

  test("spelling, order of keys and what does not change the result are no part of an id") {
    val same = "output: {root: elsewhere}\nexecution: {backend: reference, partitions: 7}\n" +
      "replicates: {seed: 7, n: 2}\nabout: other\nmetrics: [cv_isi]\n" +
      "axes: {syn.g_exc: {values: [2.0e-9 S, 0.006 uS]}, net.degree: {values: [10.0]}}\n" +
      "fixed: {net.storage: 'stored', sim.dt: 1e-4 s}\nmodel: coba-lif\nsweep: other\n"
    assert(ids(same) === ids(yaml))
    assert(ids(yaml, "fixed.sim.duration=1000 ms") === ids(yaml))
  }

  test("the order of axes changes the order of trials, not their ids") {
    val swapped = head + "axes: {net.degree: {values: [1, 2]}, net.neurons: {values: [3, 4]}}"
    val axes = head + "axes: {net.neurons: {values: [3, 4]}, net.degree: {values: [1, 2]}}"
    assert(ids(swapped) !== ids(axes))
    assert(ids(swapped).toSet === ids(axes).toSet)
    assert(plan(swapped).planId === plan(axes).planId)
  }

  test("an axis value and the same value fixed are one trial") {
    val fixed = ids(yaml, "fixed.syn.g_exc=6 nS")
    assert(fixed === ids(yaml).takeRight(2))
  }

  test("whatever changes the result changes the id or the key") {
    val base = trials(plan(yaml))
    Seq("fixed.sim.dt=0.05 ms", "replicates.seed=8", "fixed.net.storage=auto").foreach { set =>
      assert(trials(plan(yaml, set)).map(_.trialId).toSet.intersect(base.map(_.trialId).toSet).isEmpty)
    }
    Seq("guards.max_rate=200 Hz", "record.spikes=none", "record.spikes.chunk=50 ms").foreach { set =>
      val changed = trials(plan(yaml, set))
      assert(changed.map(_.trialId) === base.map(_.trialId))
      assert(changed.map(_.resultKey).toSet.intersect(base.map(_.resultKey).toSet).isEmpty)
    }
  }

  test("replicates share their seeds across configurations only if they are common") {
    val common = trials(plan(yaml))
    assert(common.map(_.seed).distinct.size === 2 && common.forall(_.seed >= 0))
    val own = trials(plan(yaml, "replicates.common_random_numbers=false"))
    assert(own.map(_.seed).distinct.size === 4)
  }
}
