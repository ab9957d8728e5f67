package spindle.backend.cuda

import scala.jdk.CollectionConverters._
import scala.util.Random

import org.scalatest.funsuite.AnyFunSuite
import spindle.compile.{Mode, Schedule}
import spindle.compile.ptx.Kernels
import spindle.compile.ptx.Kernels.Shape
import spindle.ir._
import spindle.model.Assembly
import spindle.task.{CobaLif, Settings, Value}

/** What NVIDIA's assembler, which JCuda brings along, makes of the PTX; needs no driver and no device. */
class AssemblySuite extends AnyFunSuite {
  private val architectures = Vector(60, 61, 70, 75, 80, 86, 89, 90).map("sm_" + _)

  private def kernels(program: Program, shape: Shape): Kernels = {
    val events = program.variables.asScala.filter(_.`type`.dtype == DType.EVENTS).map(_.name).toSet
    Kernels.of(Schedule.of(Lower.of(program), Mode.THREADS), events.asJava, shape)
  }

  private def settings(values: (String, String)*): Settings = {
    val parameters = (new CobaLif).describe.parameters
    val changes = values.map { case (k, v) => k -> Value.parse(parameters.asScala.find(_.name == k).get, v) }
    Settings.defaults(parameters).`with`(changes.toMap.asJava)
  }

  /** The balanced network with all that may be chosen: stored, regenerated, with weights that need an order. */
  private lazy val networks = Vector(Seq("net.storage" -> "stored"), Seq("net.storage" -> "regenerated"),
    Seq("syn.delay_law" -> "uniform", "syn.delay_max" -> "2 ms", "input.rate" -> "10 Hz"))
    .map(s => Assembly.of(CobaLif.network(settings(s :+ ("net.neurons" -> "4000"): _*)), 1).step)

  private def registers(info: String): Vector[Int] =
    """Used (\d+) registers""".r.findAllMatchIn(info).map(_.group(1).toInt).toVector

  private def spills(info: String): Vector[Int] =
    """(\d+) bytes spill""".r.findAllMatchIn(info).map(_.group(1).toInt).toVector

  /** The shapes that an architecture has: clusters came with sm_90. */
  private def shapes(architecture: String): Seq[Shape] =
    Shape.values.toSeq.filter(_ != Shape.CLUSTER || architecture == "sm_90")

  for (architecture <- architectures) {
    test(s"every shape assembles for $architecture, within its registers") {
      for (network <- networks; shape <- shapes(architecture)) {
        val info = Assembler.assemble(kernels(network, shape).text, architecture).info
        assert(registers(info).nonEmpty && registers(info).max <= 64, info) // 1024 threads have 64 each
        assert(spills(info).forall(_ == 0), info)
      }
    }
  }

  test("random programs assemble, with every operation in them") {
    for (architecture <- Seq("sm_60", "sm_90"); seed <- 1L to 10; shape <- shapes(architecture))
      assert(Assembler.assemble(kernels(new RandomProgram(seed, 40).write().program, shape).text, architecture).code.nonEmpty)
  }

  /** Instructions of machine code by the lowest nine bits of their first word, for sm_70 and later. */
  private def opcodes(code: Array[Byte]): Map[Int, Int] =
    Elf.sections(code).filter(_.name.startsWith(".text")).flatMap { s =>
      (0 until s.bytes.limit() by 16).map(at => s.bytes.getShort(at) & 0x1ff)
    }.groupMapReduce(identity)(_ => 1)(_ + _)

  private val (fmul, fadd, ffma, dmul, dadd, dfma) = (0x20, 0x21, 0x23, 0x28, 0x29, 0x2b)

  /** Sums of products, as much as an assembler may wish to contract. */
  private def sums(dtype: DType): Program = {
    val random = new Random(3)
    val t = new Trace("sums")
    val names = Seq("x", "y", "z")
    names.foreach(n => t.declare(Variable.of(n, Type.vector(dtype, 100))))
    val values = names.map(t.load).toBuffer
    for (_ <- 0 until 60) {
      val Seq(a, b, c) = Seq.fill(3)(values(random.nextInt(values.size)))
      values += (if (random.nextBoolean()) a.times(b).plus(c) else a.times(b).minus(c))
    }
    names.zip(values.takeRight(3)).foreach { case (n, v) => t.store(n, v) }
    t.finish()
  }

  for ((dtype, mul, add, fused) <- Seq((DType.F32, fmul, fadd, ffma), (DType.F64, dmul, dadd, dfma))) {
    test(s"nothing is contracted in machine code: $dtype") {
      val text = kernels(sums(dtype), Shape.BLOCK_SHARED).text
      val exact = opcodes(Assembler.assemble(text, "sm_90").code)
      assert(exact.getOrElse(mul, 0) >= 20 && exact.getOrElse(add, 0) >= 20, exact)
      assert(exact.getOrElse(fused, 0) === 0, exact)
      val left = opcodes(Assembler.assemble(text.replaceAll("(add|sub|mul).rn.f", "$1.f"), "sm_90").code)
      assert(left.getOrElse(fused, 0) > 20, "without the rounding the assembler contracts, so this test sees it")
    }
  }

  test("clusters are refused by what is older than they are, and only they ask for more than sm_60") {
    for (shape <- Shape.values) {
      val text = kernels(sums(DType.F32), shape).text
      assert(text.startsWith(".version 6.0\n.target sm_60\n") === (shape != Shape.CLUSTER))
      assert(text.contains(".reqnctapercluster 8, 1, 1") === (shape == Shape.CLUSTER))
    }
    intercept[IllegalArgumentException](Assembler.assemble(kernels(sums(DType.F32), Shape.CLUSTER).text, "sm_89"))
  }

  test("every sum, product, quotient and root says how it rounds") {
    val loose = """(?m)^\s*(add|sub|mul|div|sqrt|fma)\.(?!rn\.|lo\.|wide\.|s32|s64|u32)""".r
    for (seed <- 1L to 20; shape <- Shape.values) {
      val text = kernels(new RandomProgram(seed, 40).write().program, shape).text
      assert(loose.findFirstIn(text) === None)
    }
    assert(loose.findFirstIn("  add.f32 %f0, %f1, %f2;").isDefined)
  }

  test("what the assembler refuses is told with its line") {
    val wrong = kernels(sums(DType.F32), Shape.BLOCK).text.replaceFirst("mul.rn.f32", "mul.rn.s16")
    val e = intercept[IllegalArgumentException](Assembler.assemble(wrong, "sm_80"))
    assert(e.getMessage.startsWith("sm_80: ") && e.getMessage.contains("line"), e.getMessage)
  }
}
