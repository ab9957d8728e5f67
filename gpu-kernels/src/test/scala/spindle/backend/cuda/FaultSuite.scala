package spindle.backend.cuda

import java.nio.charset.StandardCharsets.US_ASCII

import org.scalatest.funsuite.AnyFunSuite
import spindle.compile.ptx.Kernels.Shape
import spindle.ir.RandomProgram

/** The stand-in driver finds what is wrong with kernels, or its silence would prove nothing. */
class FaultSuite extends AnyFunSuite {
  private val plain = ".version 6.0\n.target sm_60"
  private val barrier = "barrier.cluster.arrive.aligned; barrier.cluster.wait.aligned;"

  /** What a kernel of clusters of two blocks says; register %r3 is the rank of the block. */
  private def cluster(body: String, head: String = ".version 7.8\n.target sm_90", blocks: Int = 2): Seq[String] =
    run("mov.u32 %r3, %cluster_ctarank; setp.eq.s32 %p0, %r3, 0; setp.eq.s32 %p1, %r0, 0;\n" + body, blocks = blocks,
      head = head, directive = ".reqnctapercluster 2, 1, 1")

  /** What a kernel says when run with an array of 64 words; empty if all is well. */
  private def run(body: String, threads: Int = 64, blocks: Int = 1, head: String = plain, directive: String = ""): Seq[String] = {
    StandIn.unseen.foreach(cancel(_))
    StandIn.device
    new Driver.Context(0).use()
    val text = s"""$head\n.address_size 64\n.extern .shared .align 16 .b8 memory[];
      |.visible .entry k(.param .u64 a) $directive
      |{
      |  .reg .pred %p<9>; .reg .b32 %r<9>; .reg .b64 %d<9>; .reg .f32 %f<9>;
      |  ld.param.u64 %d0, [a];
      |  mov.u32 %r0, %tid.x;
      |  mad.wide.s32 %d1, %r0, 4, %d0;
      |  mov.u64 %d2, memory;
      |  mad.wide.s32 %d3, %r0, 4, %d2;
      |$body
      |  ret;
      |}\n""".stripMargin
    val memory = new Driver.Memory(256)
    val stream = new Driver.Stream
    try {
      val module = new Driver.Module((text + "\u0000").getBytes(US_ASCII))
      val launch = Driver.Launch.of(module.function("k"), new Driver.Size(blocks, threads, 256), memory.address)
      try stream.launch(launch)
      finally {
        launch.close()
        module.close()
      }
      Nil
    } catch {
      case e: CudaError => Seq(e.getMessage)
    } finally {
      stream.close()
      memory.close()
    }
  }

  private def found(body: String, what: String, threads: Int = 64): Unit = {
    val messages = run(body, threads)
    assert(messages.exists(_.contains(what)), messages)
  }

  test("a kernel without fault passes") {
    assert(run("st.global.u32 [%d1], %r0; bar.sync 0; ld.global.u32 %r1, [%d0+16]; st.shared.u32 [%d3], %r1;") === Nil)
    assert(run("red.global.add.s32 [%d0], 1;") === Nil, "atomic operations are no race")
  }

  test("accesses beyond an allocation, beyond shared memory or across a boundary are named with their thread") {
    found("ld.global.u32 %r1, [%d1+4];", "thread 63, line 13: no memory")
    found("st.global.u32 [%d1-4], %r1;", "thread 0, line 13: no memory")
    found("st.shared.u32 [%d3+4], %r1;", "thread 63, line 13: shared memory ends at 256")
    found("ld.global.u32 %r1, [%d1+2];", "is not aligned")
    found("mov.u64 %d4, 0; ld.global.u32 %r1, [%d4];", "no memory at 0")
  }

  test("accesses that no barrier orders are a race, in global and in shared memory") {
    found("st.global.u32 [%d0], %r0;", "race")
    found("ld.global.u32 %r1, [%d0+4]; st.global.u32 [%d1], %r1;", "race")
    found("st.shared.u32 [%d3], %r0; ld.shared.u32 %r1, [%d2+8];", "race")
    found("red.global.add.s32 [%d0], 1; ld.global.u32 %r1, [%d0];", "race")
    assert(run("st.shared.u32 [%d3], %r0; bar.sync 0; ld.shared.u32 %r1, [%d2+8];") === Nil)
  }

  test("what one block reads and another writes is a race, in either order") {
    val body = "mov.u32 %r1, %ctaid.x; ld.global.u32 %r2, [%d1]; setp.eq.s32 %p0, %r1, 1; @%p0 st.global.u32 [%d1], %r1;"
    for (seed <- 1 to 8) {
      StandIn.unseen.foreach(cancel(_))
      StandIn.seed(seed)
      assert(run(body, blocks = 2).exists(_.contains("race")), s"seed $seed")
    }
    assert(run(body) === Nil)
  }

  test("what blocks of a cluster share is ordered by their barrier, and by nothing less") {
    def exchange(order: String) = s"@%p0 st.global.u32 [%d1], %r0;\n$order\n@!%p0 ld.global.u32 %r1, [%d1];"
    def turned(order: String) = s"@!%p0 ld.global.u32 %r1, [%d1];\n$order\n@%p0 st.global.u32 [%d1], %r0;"
    def counted(order: String) = s"red.global.add.s32 [%d0], 1;\n$order\n@%p1 ld.global.u32 %r1, [%d0];"
    for (seed <- 1 to 8; body <- Seq(exchange _, turned _, counted _)) {
      StandIn.unseen.foreach(cancel(_))
      StandIn.seed(seed)
      assert(cluster(body(barrier)) === Nil)
      assert(cluster(body("bar.sync 0;")).exists(_.contains("race")), s"seed $seed: ${body("")}")
      StandIn.plant(3)
      try assert(cluster(body(barrier)).exists(_.contains("race")), s"seed $seed: the barrier of the cluster was taken out")
      finally StandIn.plant(0)
    }
  }

  test("within a block of a cluster its own barrier is enough, between clusters nothing is") {
    assert(cluster("st.shared.u32 [%d3], %r0; bar.sync 0; ld.shared.u32 %r1, [%d2+8];") === Nil)
    assert(cluster(s"st.shared.u32 [%d3], %r3;\n$barrier\nld.shared.u32 %r1, [%d3]; setp.ne.s32 %p2, %r1, %r3;" +
      " @%p2 ld.global.u32 %r1, [%d1+256];") === Nil, "shared memory is each block's own")
    assert(cluster(s"mov.u32 %r1, %clusterid.x; $barrier @%p1 st.global.u32 [%d0], %r1;", blocks = 4).exists(_.contains("race")))
  }

  test("a barrier of a cluster that a block passes by, that is left half way, or that the target lacks is found") {
    assert(cluster(s"@%p0 bra L; $barrier\nL:\n").exists(_.contains("waits for threads that never come")))
    assert(cluster("barrier.cluster.wait.aligned;").exists(_.contains("has not arrived")))
    assert(cluster("barrier.cluster.arrive.aligned; ld.global.u32 %r1, [%d1]; barrier.cluster.wait.aligned;")
      .exists(_.contains("between arrival and wait")))
    assert(cluster(barrier, head = plain).exists(_.contains("clusters need sm_90")))
    assert(cluster(barrier, blocks = 3).exists(_.contains("whole clusters")))
  }

  test("a barrier that some threads never reach, and a vote without all lanes, end the kernel") {
    found("setp.lt.s32 %p0, %r0, 40; @%p0 bar.sync 0;", "waits for threads that never come")
    found("setp.lt.s32 %p0, %r0, 40; @%p0 vote.sync.ballot.b32 %r1, %p0, 0xffffffff;", "never come")
  }

  test("PTX that is wrong is refused with its line") {
    found("add.rn.f32 %f0, %f1, %f99;", "line 13: unknown operand %f99")
    found("frobnicate.f32 %f0, %f1;", "line 13: unknown instruction")
    found("bra NOWHERE;", "line 13: no such label")
    found("add.f32 %f0, %f1, %f2;", "unknown instruction") // a rounding that is not said might be contracted
  }

  test("registers and memory that were never written hold no zeros") {
    assert(run("mov.b32 %r1, %r2; st.global.u32 [%d1], %r1;") === Nil)
    found("ld.shared.u32 %r1, [%d3]; setp.ne.s32 %p0, %r1, 0; @%p0 bra L; bra M;\nL:\n mov.u64 %d4, 0; ld.global.u32 %r1, [%d4];\nM:\n", "no memory")
  }

  test("programs without their barriers or without their guards are found out") {
    StandIn.unseen.foreach(cancel(_))
    for (fault <- 1 to 2) {
      val found = (1L to 6).count { seed =>
        StandIn.plant(fault)
        try new RandomProgram(seed, 20).write().difference(StandIn.backends.head, 3).isDefined
        catch { case _: CudaError => true }
        finally StandIn.plant(0)
      }
      assert(found >= 5, s"fault $fault")
    }
  }

  test("programs whose clusters only wait block by block are found out") {
    StandIn.unseen.foreach(cancel(_))
    val backend = StandIn.shapes(Shape.CLUSTER).head
    val found = (1L to 6).count { seed =>
      StandIn.plant(3)
      try new RandomProgram(seed, 20).write().difference(backend, 3).isDefined
      catch { case _: CudaError => true }
      finally StandIn.plant(0)
    }
    assert(found >= 5)
  }

  test("memory that runs out is said to, and what was allocated before is left alone") {
    StandIn.unseen.foreach(cancel(_))
    StandIn.device
    val all = Driver.freeBytes
    StandIn.freeBytes(1 << 16)
    try {
      val e = intercept[CudaError](new Driver.Memory(1 << 20))
      assert(e.isOutOfMemory && !e.isFatal && e.getMessage.startsWith("cuMemAlloc of 1048576 bytes"))
    } finally StandIn.freeBytes(1L << 30)
    assert(Driver.freeBytes === all)
  }
}
