package spindle.task

import java.util.concurrent.{CancellationException, ConcurrentHashMap}

import scala.jdk.CollectionConverters._
import scala.util.{Failure, Success, Try}

import org.scalatest.Assertion
import org.scalatest.funsuite.AnyFunSuite
import spindle.backend.cuda.{Convoy, CudaError, SharedFailure, StandIn}

/** Trials of a task that a GPU runs side by side, against each alone on the CPU. */
@spindle.Gpu
class ConvoySuite extends AnyFunSuite with BalancedTrials {
  override def task: Task = new CobaLif

  private case class Case(values: Map[String, String], seed: Long = 1, guards: Guards = Guards.NONE) {
    def on(backend: String): (Outcome, Kept) =
      ConvoySuite.this.run(small ++ values, seed, backend, recording(20, 3, 0.3), guards)
  }

  private val small = Map("net.neurons" -> "60", "net.degree" -> "12", "sim.duration" -> "30 ms", "sim.warmup" -> "5 ms")

  private def convoy[A](works: Seq[String => A]): Seq[Try[A]] = {
    StandIn.missing.foreach(cancel(_))
    StandIn.device
    val convoy = new Convoy(works.size)
    val ends = new ConcurrentHashMap[Int, Try[A]]
    val threads = works.zipWithIndex.map { case (work, k) => new Thread(() => convoy.travel(() => ends.put(k, Try(work("cuda"))))) }
    threads.foreach(_.start())
    threads.foreach(_.join())
    works.indices.map(ends.get(_))
  }

  private def together(cases: Seq[Case]): Seq[Try[(Outcome, Kept)]] = convoy(cases.map(c => c.on(_)))

  private def same(c: Case, actual: Try[(Outcome, Kept)]): Assertion = {
    val (outcome, kept) = actual.get
    val (expected, keptThere) = c.on("cpu")
    assert(exact(outcome) === exact(expected), c)
    assert((outcome.reason, outcome.simulatedMs) === ((expected.reason, expected.simulatedMs)), c)
    assert(kept.bits == keptThere.bits, c)
  }

  private val drives = Seq("20 mV", "23.5 mV", "30.5 mV")
  private val plain = for (drive <- drives; seed <- Seq(1L, 2L)) yield Case(Map("input.drive" -> drive), seed)

  test("each trial of a convoy is, bit for bit, what it is alone on the CPU, and tells its shape") {
    val ends = together(plain)
    for ((c, end) <- plain.zip(ends)) same(c, end)
    assert(ends.map(_.get._1.shape).distinct === Seq("block_shared x6"))
    assert(ends.map(_.get._1.spikes).distinct.size >= 3, "they differ")
    assert(plain.head.on("cuda")._1.shape === "block_shared x1")
  }

  test("trials of other sizes, durations and steps travel along, and one that ends early leaves alone") {
    val cases = plain.take(2) ++ Seq(
      Case(Map("net.neurons" -> "40")),
      Case(Map("sim.duration" -> "11 ms")),
      Case(Map("sim.dt" -> "0.05 ms", "input.drive" -> "25 mV")),
      Case(Map("input.drive" -> "60 mV"), guards = new Guards(10, Double.PositiveInfinity)),
      Case(Map("input.drive" -> "0 mV"), guards = new Guards(Double.PositiveInfinity, 10)),
      Case(Map("syn.g_exc" -> "1e38 nS", "input.drive" -> "60 mV")))
    val ends = together(cases)
    for ((c, end) <- cases.zip(ends)) same(c, end)
    import Outcome.Status._
    assert(ends.map(_.get._1.status) === Seq(OK, OK, OK, OK, OK, STOPPED, STOPPED, DIVERGED))
  }

  test("trainings travel in a convoy too, through all their programs") {
    val training = new SnnClassifier
    val parameters = training.describe.parameters
    def on(backend: String, rate: String): Any = {
      val values = Map("data.train" -> "8", "data.test" -> "4", "net.hidden" -> "5", "sim.duration" -> "5 ms", "train.batch" -> "4",
        "train.epochs" -> "1", "train.rate" -> rate).map { case (k, v) => k -> Value.parse(parameters.asScala.find(_.name == k).get, v) }
      val trial = new Trial(Settings.defaults(parameters).`with`(values.asJava), 3, backend, Recording.NONE, Guards.NONE)
      val outcome = training.run(trial, new Kept)
      assert(outcome.shape === (if (backend == "cuda") "block_shared x3" else ""))
      (outcome.metrics.asScala.toMap - "t_train", outcome.curve.asScala.toSeq)
    }
    val rates = Seq("0.02", "0.05", "0.1")
    val ends = convoy(rates.map(rate => (backend: String) => on(backend, rate)))
    assert(ends.map(_.get) === rates.map(on("cpu", _)))
  }

  test("a trial that throws before it has a network leaves the others alone") {
    val cases = plain.take(2) :+ Case(Map("sim.warmup" -> "50 ms"))
    val ends = together(cases)
    assert(ends(2).failed.get.isInstanceOf[IllegalArgumentException])
    for (k <- 0 to 1) same(cases(k), ends(k))
  }

  private def poisoned[A](number: Double, code: Int)(body: => A): A = {
    StandIn.unseen.foreach(cancel(_))
    StandIn.device
    StandIn.poison(number, code)
    try body
    finally StandIn.poison(0, 0)
  }

  test("a launch that fails says nothing of one trial: those of another program go on, those of halves do") {
    val cases = plain ++ Seq(Case(Map("net.neurons" -> "40", "input.drive" -> "23.5 mV")), Case(Map("net.neurons" -> "48")))
    poisoned(30.5, 701) {
      // All are in memory at a time, so that whoever launches first meets the poison.
      val ends = together(cases)
      assert(ends.forall { case Failure(e: SharedFailure) => e.getCause.isInstanceOf[CudaError]; case Failure(e: CudaError) => !e.isFatal
        case Success(_) => true; case _ => false }, ends)
      assert(ends.take(6).forall(_.failed.get.isInstanceOf[SharedFailure]))
      for ((c, end) <- plain.take(4).zip(together(plain.take(4)))) same(c, end)
      val alone = together(plain.takeRight(1)).head.failed.get
      assert(alone.isInstanceOf[CudaError] && alone.getMessage.contains("planted"))
    }
  }

  test("a device without room for all of them leaves nothing behind, and takes fewer") {
    StandIn.unseen.foreach(cancel(_))
    StandIn.device
    same(plain.head, together(plain.take(1)).head)
    val each = plain.head.on("cuda")._1.peakBytes
    StandIn.room(4 * each)
    try {
      assert(together(plain).forall(_.failed.get.getCause.asInstanceOf[CudaError].isOutOfMemory))
      for ((c, end) <- plain.take(2).zip(together(plain.take(2)))) same(c, end)
    } finally StandIn.freeBytes(1L << 30)
  }

  test("a convoy that is cancelled ends every trial that still needs the device") {
    StandIn.missing.foreach(cancel(_))
    StandIn.device
    val convoy = new Convoy(2)
    @volatile var thrown: Option[Throwable] = None
    val first = new Thread(() => convoy.travel(() => thrown = Try(plain.head.on("cuda")).failed.toOption))
    first.start()
    convoy.cancel()
    first.join()
    assert(thrown.exists(_.isInstanceOf[CancellationException]))
    convoy.travel(() => assert(Try(plain.head.on("cuda")).failed.get.isInstanceOf[CancellationException]))
  }
}
