package spindle.backend.cuda

import java.lang.management.ManagementFactory
import java.util.concurrent.ConcurrentHashMap

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite
import spindle.backend.Arguments
import spindle.backend.reference.ReferenceBackend
import spindle.compile.ptx.Kernels.Shape
import spindle.connect.{Bernoulli, Weighted}
import spindle.ir._

@spindle.Gpu
class PackSuite extends AnyFunSuite {
  private def backends = {
    StandIn.missing.foreach(cancel(_))
    StandIn.shapes(Shape.values.toIndexedSeq: _*)
  }

  private val law = new Weighted(new Bernoulli(50, 50, 0.2), Weighted.Law.UNIFORM, 0, 1)

  /** A network of 50 neurons that are driven more or less. */
  private val program: Program = {
    val t = new Trace("drive")
    t.declare(Variable.of("v", Type.vector(DType.F32, 50)))
    t.declare(new Variable("spikes", Type.vector(DType.EVENTS, 50), 2))
    val got = t.propagate(t.load("spikes", 2), law.rows("p", Rows.Storage.AUTO), Direction.ALONG, DType.F32)
    val v = t.load("v").times(0.9).plus(t.parameter("drive", DType.F32)).plus(got.times(0.1))
      .plus(t.index(50).as(DType.F32).times(0.003))
    val mask = v.minus(1).heaviside
    t.store("v", mask.select(v.times(0), v))
    t.store("spikes", t.collect(mask))
    t.finish()
  }

  private def arguments(drive: Double, seed: Long): Map[String, Double] =
    law.arguments("p", seed).asScala.view.mapValues(_.doubleValue).toMap + ("drive" -> drive)

  private val trials = for (drive <- Vector(0.05, 0.11, 0.3); seed <- Vector(1L, 2L)) yield Case(program, arguments(drive, seed), Map.empty)

  private def pack(backend: CudaBackend): Pack = new Pack(program,
    trials.map(c => new Arguments(c.arguments.view.mapValues(Double.box).toMap.asJava, java.util.Set.of("spikes"))).asJava, backend)

  test("trials of a pack are what each is alone, whatever their arguments, connectivity and order of blocks") {
    for ((backend, k) <- backends.zipWithIndex) {
      StandIn.seed(k)
      val all = pack(backend)
      try {
        all.run(0, 30)
        all.run(30, 7)
        assert(all.shape === (if (backend.wanted.get == Shape.GRID) Shape.BLOCK else backend.wanted.get))
        for ((c, actual) <- trials.zip(all.trials.asScala)) {
          val expected = c.load(new ReferenceBackend)
          expected.run(0, 37)
          assert(c.difference(expected, actual) === None)
        }
        assert(all.trials.asScala.map(_.log("spikes").size).distinct.size >= 3, "they differ, and spike")
      } finally all.close()
    }
  }

  test("a warm chunk of trials that travel together allocates nothing, and copies what they record alone") {
    val bean = ManagementFactory.getThreadMXBean.asInstanceOf[com.sun.management.ThreadMXBean]
    val chunks = 50
    for (backend <- backends) {
      val convoy = new Convoy(trials.size)
      val least = new ConcurrentHashMap[Int, Long]
      val copied = new ConcurrentHashMap[Int, (Long, Long)]
      def travel(k: Int): Unit = convoy.travel { () =>
        val e = trials(k).load(backend)
        val rounds = (0 to 5).map { round =>
          val copies = if (k == 0 && StandIn.unseen.isEmpty) StandIn.copies else (0L, 0L)
          val before = bean.getThreadAllocatedBytes(Thread.currentThread.getId)
          for (c <- 0 until chunks) {
            e.run(3 * (chunks * round + c), 3)
            e.log("spikes").clear()
          }
          val bytes = bean.getThreadAllocatedBytes(Thread.currentThread.getId) - before
          if (k == 0 && StandIn.unseen.isEmpty)
            copied.put(round, (StandIn.copies._1 - copies._1, StandIn.copies._2 - copies._2))
          bytes
        }
        least.put(k, rounds.drop(1).min)
        e.close()
      }
      val threads = trials.indices.map(k => new Thread(() => travel(k)))
      threads.foreach(_.start())
      threads.foreach(_.join())
      assert(trials.indices.forall(k => least.get(k) < 16 * chunks), s"$least on ${backend.device}")
      if (StandIn.unseen.isEmpty) assert(copied.get(5) === ((0, chunks * trials.size)), backend.device)
    }
  }

  test("a pack frees all that it took, also when there is not enough for it") {
    StandIn.unseen.foreach(cancel(_))
    for (backend <- backends) {
      pack(backend).close()
      val before = Driver.freeBytes
      val all = pack(backend)
      assert(before - Driver.freeBytes >= all.bytes)
      all.close()
      assert(Driver.freeBytes === before)
      // Room for some of the trials only.
      StandIn.freeBytes((1L << 30) - before + all.bytes / 2)
      try assert(intercept[CudaError](pack(backend)).isOutOfMemory)
      finally StandIn.freeBytes(1L << 30)
      assert(Driver.freeBytes === before)
    }
  }

  test("trials that record other variables are no pack") {
    val backend = backends.head
    val some = trials.take(2).map(_.arguments.view.mapValues(Double.box).toMap.asJava)
    val e = intercept[IllegalArgumentException](new Pack(program,
      java.util.List.of(new Arguments(some(0), java.util.Set.of()), new Arguments(some(1), java.util.Set.of("spikes"))), backend))
    assert(e.getMessage === "trials of a pack record the same variables")
  }
}
