package spindle.backend.cuda

import scala.jdk.CollectionConverters._
import scala.util.Random

import org.scalatest.funsuite.AnyFunSuite
import spindle.backend.{Arguments, Backend, Executable}
import spindle.backend.reference.ReferenceBackend
import spindle.compile.ptx.Kernels
import spindle.compile.ptx.Kernels.Shape
import spindle.ir._
import spindle.model.Assembly
import spindle.task.{CobaHh, CobaLif, Settings, Task, Value}
import spindle.train.bptt.{Checkpoints, Layer}
import spindle.train.reservoir.{LeakyReservoir, States}
import spindle.train.reservoir.LeakyReservoir.Activation

/** What NVIDIA's assembler, which JCuda brings along, makes of the PTX; needs no driver and no device. */
class AssemblySuite extends AnyFunSuite {
  private def kernels(program: Program, shape: Shape): Kernels = {
    val events = program.variables.asScala.filter(_.`type`.dtype == DType.EVENTS).map(_.name).toSet
    Kernels.of(Kernels.schedule(Lower.of(program)), events.asJava, shape)
  }

  private def settings(task: Task, values: Seq[(String, String)]): Settings = {
    val parameters = task.describe.parameters
    val changes = values.map { case (k, v) => k -> Value.parse(parameters.asScala.find(_.name == k).get, v) }
    Settings.defaults(parameters).`with`(changes.toMap.asJava)
  }

  private def lif(values: (String, String)*): Program =
    Assembly.of(CobaLif.network(settings(new CobaLif, values :+ ("net.neurons" -> "4000"))), 1).step

  private def hh(values: (String, String)*): Program =
    Assembly.of(CobaHh.network(settings(new CobaHh, values :+ ("net.neurons" -> "4000"))), 1).step

  /** The interpreter, and what it was given to run. */
  private final class Given extends Backend {
    private val interpreter = new ReferenceBackend
    var programs: Vector[Program] = Vector.empty
    override def name: String = interpreter.name
    override def device: String = interpreter.device
    override def load(program: Program, arguments: Arguments): Executable = {
      programs :+= program
      interpreter.load(program, arguments)
    }
  }

  private def programsOf(use: Backend => Unit): Vector[Program] = {
    val backend = new Given
    use(backend)
    backend.programs.distinctBy(_.hash)
  }

  private def reservoir(backend: Backend): Unit =
    for (storage <- Seq(Rows.Storage.STORED, Rows.Storage.REGENERATED))
      new States(new LeakyReservoir(23, 1, 0.2, 0.9, 0.5, 0.7, 0.4, Activation.TANH, storage), 5, 3, 11, backend).close()

  /** Step and adjoint of a training; what is run once per episode is smaller. */
  private def training(dtype: DType): Vector[Program] =
    programsOf(new Layer(dtype, spiking = true, 4).run(Checkpoints.root(4), _)).filter(_.name.startsWith("layer"))

  private val (narrow, wide) = ("sim.precision" -> "float32", "sim.precision" -> "float64")
  // Stored, and with weights that need an order.
  private val (stored, ordered) = (Seq("net.storage" -> "stored"), Seq("syn.delay_law" -> "uniform", "syn.delay_max" -> "2 ms", "input.rate" -> "10 Hz"))

  /**
   * Programs, and the registers that a thread may take, on any architecture. A device gives registers by eights, and
   * a multiprocessor has 65,536: blocks have 1,024 threads up to 64 each, 608 at 104.
   */
  private val budgets = Vector[(String, Int, () => Vector[Program])](
    ("coba-lif, float32", 56, () => Vector(lif(stored :+ narrow: _*), lif("net.storage" -> "regenerated", narrow), lif(ordered :+ narrow: _*))),
    ("coba-lif, float64", 64, () => Vector(lif(stored :+ wide: _*), lif(ordered :+ wide: _*))),
    ("coba-hh, float32", 64, () => Vector(hh(narrow))),
    ("coba-hh, float64", 104, () => Vector(hh(wide))),
    ("reservoir", 64, () => programsOf(reservoir)),
    ("bptt, float32", 40, () => training(DType.F32)),
    ("bptt, float64", 48, () => training(DType.F64)))

  private def registers(info: String): Vector[Int] =
    """Used (\d+) registers""".r.findAllMatchIn(info).map(_.group(1).toInt).toVector

  private def spills(info: String): Vector[Int] =
    """(\d+) bytes spill""".r.findAllMatchIn(info).map(_.group(1).toInt).toVector

  /** The shapes that an architecture has: clusters came with sm_90. */
  private def shapes(architecture: String): Seq[Shape] =
    Shape.values.toSeq.filter(_ != Shape.CLUSTER || architecture == "sm_90")

  private def fits(program: Program, budget: Int, architecture: String): Unit =
    for (shape <- shapes(architecture)) {
      val info = Assembler.assemble(kernels(program, shape).text, architecture).info
      assert(registers(info).nonEmpty && registers(info).max <= budget, info)
      assert(spills(info).forall(_ == 0), info)
    }

  for ((name, budget, programs) <- budgets) {
    test(s"in every shape at most $budget registers and nothing spilled, from sm_60 to sm_90: $name") {
      for (program <- programs(); architecture <- Seq("sm_60", "sm_70", "sm_80", "sm_90")) fits(program, budget, architecture)
    }

    test(s"the assembler may contract and finds nothing, from sm_60 to sm_90: $name") {
      for (program <- programs().take(1); architecture <- Seq("sm_60", "sm_70", "sm_80", "sm_90"); shape <- shapes(architecture)) {
        val text = kernels(program, shape).text
        assert(fusedIn(text, architecture, contract = true) === fusedIn(text, architecture, contract = false), architecture)
      }
    }
  }

  test("the architectures between take the same text") {
    for (architecture <- Seq("sm_61", "sm_75", "sm_86", "sm_89")) fits(lif(stored :+ narrow: _*), 48, architecture)
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

  /** Fused multiply-adds in machine code; quotients and roots are made of such. */
  private def fusedIn(text: String, architecture: String, contract: Boolean): Int = {
    val code = Assembler.assemble(text, architecture, s"--fmad=$contract").code
    if (architecture == "sm_60") pascal(code)
    else Seq(ffma, dfma).map(opcodes(code).getOrElse(_, 0)).sum
  }

  /** Before sm_70 an instruction has 8 bytes, the opcode first, and each fourth word says how to schedule three. */
  private def pascal(code: Array[Byte]): Int =
    Elf.sections(code).filter(_.name.startsWith(".text")).map { s =>
      (0 until s.bytes.limit() by 8).count { at =>
        val opcode = (s.bytes.getLong(at) >>> 52).toInt
        // By the operand that comes from constant memory, or from the instruction itself.
        at % 32 != 0 && (Set(0x598, 0x498, 0x518, 0x328)(opcode & 0xff8) || Set(0x5b7, 0x4b7, 0x537, 0x367)(opcode))
      }
    }.sum

  /** The text without how sums and products round. */
  private def loose(text: String) = text.replaceAll("(add|sub|mul).rn.f", "$1.f")

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
      for (architecture <- Seq("sm_60", "sm_70", "sm_80")) {
        assert(fusedIn(text, architecture, contract = true) === 0, architecture)
        assert(fusedIn(loose(text), architecture, contract = true) > 20, architecture)
      }
      val left = opcodes(Assembler.assemble(loose(text), "sm_90").code)
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
