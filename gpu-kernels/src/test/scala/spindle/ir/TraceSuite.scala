package spindle.ir

import java.{util => ju}

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite
import org.scalatestplus.scalacheck.ScalaCheckPropertyChecks
import spindle.backend.Arguments
import spindle.connect.{AllToAll, Bernoulli}

@spindle.Gpu
class TraceSuite extends AnyFunSuite with ScalaCheckPropertyChecks {
  private val floats = Vector(DType.F32, DType.F64)

  private def decay(): Program = {
    val trace = new Trace("decay")
    trace.declare(Variable.of("g", Type.vector(DType.F32, 3)))
    trace.declare(new Variable("spikes", Type.vector(DType.EVENTS, 3), 2))
    val arrived = trace.propagate(trace.load("spikes", 2), new AllToAll(3, 3).rows("all", Rows.Storage.STORED), DType.F32)
    val g = trace.load("g").times(trace.parameter("factor", DType.F32)).plus(arrived)
    trace.store("g", g)
    trace.store("spikes", trace.collect(g.minus(1.5).heaviside))
    trace.finish()
  }

  test("equal equations are written once") {
    val trace = new Trace("twice")
    trace.declare(Variable.of("x", Type.vector(DType.F32, 4)))
    val x = trace.load("x")
    trace.store("x", x.plus(1).times(x.plus(1)).plus(x.plus(1)))
    // load, constant, x + 1, product, sum
    assert(trace.finish().equations.size === 5)
  }

  test("0 and -0 stay apart, in constants and through folding") {
    val trace = new Trace("zeros")
    val zero = trace.constant(DType.F32, 0.0)
    assert(zero.place !== trace.constant(DType.F32, -0.0).place)
    assert(zero.negated.place === trace.constant(DType.F32, -0.0).place)
  }

  test("folding constants never changes a bit: every operation on special numbers") {
    val operators = Op.values.toVector.filter(_.isElementwise)
    val s = Generators.specials
    for (op <- operators; operand <- floats :+ DType.I32; cast <- floats :+ DType.I32; shift <- 0 to 1) {
      def numbers(dtype: DType) = s.indices.map(i => s((i * (shift + 1) + 5 * shift) % s.size))
        .map(x => if (dtype == DType.I32) x.toInt.toDouble else x)
      val types = Vector(operand) ++ Vector.fill(op.arity - 1)(
        if (op == Op.SELECT) cast else operand)
      for (k <- s.indices by 6)
        compareFolded(op, types.zipWithIndex.map { case (t, j) => t -> numbers(t)((k + 3 * j) % s.size) }, cast)
    }
  }

  /** The same operation once on constants, once on arguments that are known only when it runs. */
  private def compareFolded(op: Op, operands: Vector[(DType, Double)], cast: DType): Unit = {
    val trace = new Trace("folded")
    val constants = operands.map { case (t, x) => trace.constant(t, x) }
    val arguments = operands.zipWithIndex.map { case ((t, x), j) =>
      if (j == 1 && (op == Op.SHL || op == Op.SHR)) trace.constant(t, x) else trace.parameter(s"p$j", t)
    }
    for {
      folded <- Generators.elementwise(op, constants, cast)
      computed <- Generators.elementwise(op, arguments, cast)
    } {
      for ((name, e) <- Seq("folded" -> folded, "computed" -> computed)) {
        trace.declare(Variable.of(name, e.`type`))
        trace.store(name, e)
      }
      val scalars = operands.zipWithIndex.map { case ((_, x), j) => s"p$j" -> Double.box(x) }.toMap.asJava
      val executable = Generators.backends.head.load(trace.finish(), new Arguments(scalars, ju.Set.of()))
      executable.run(0, 1)
      val out = new Array[Double](2)
      Seq("folded", "computed").zipWithIndex.foreach { case (name, i) =>
        val one = new Array[Double](1)
        executable.read(name, Array(0), one)
        out(i) = one(0)
      }
      assert(java.lang.Double.compare(out(0), out(1)) == 0, s"$op $operands")
    }
  }

  test("constants fold away, and elementary functions of constants stay for the lowering") {
    val trace = new Trace("fold")
    assert(trace.constant(DType.F32, 2).plus(3).place === trace.constant(DType.F32, 5).place)
    trace.declare(Variable.of("x", Type.scalar(DType.F32)))
    trace.store("x", trace.constant(DType.F32, 1).exp)
    val program = trace.finish()
    assert(program.equations.asScala.exists(_.op == Op.EXP))
    assert(Lower.of(program).equations.asScala.map(_.op) === Seq(Op.CONST))
  }

  test("the listing of a small program is golden") {
    assert(decay().toString ===
      """program decay
        |param factor F32
        |var g f32[3]
        |var spikes events[3] history 2
        |rows all 3x3 by pre chunks 1 STORED {
        |  program all-to-all
        |  param cursor I32
        |  var first i32
        |  var end i32
        |  var column i32
        |  var next i32
        |  %0 = const i32 0.0
        |  %1 = const i32 3.0
        |  %2 = param i32 cursor
        |  %3 = const i32 1.0
        |  %4 = add i32 %2 %3
        |  first <- %0
        |  end <- %1
        |  column <- %2
        |  next <- %4
        |}
        |%0 = load events[3] spikes 2.0
        |%1 = propagate f32[3] %0 all
        |%2 = load f32[3] g 1.0
        |%3 = param f32 factor
        |%4 = mul f32[3] %2 %3
        |%5 = add f32[3] %4 %1
        |%6 = const f32 1.5
        |%7 = sub f32[3] %5 %6
        |%8 = heaviside f32[3] %7
        |%9 = collect events[3] %8
        |g <- %5
        |spikes <- %9
        |""".stripMargin)
  }

  test("equal programs have equal hashes, other programs others, whatever the arguments") {
    assert(decay().hash === decay().hash)
    assert(decay().hash.matches("[0-9a-f]{64}"))
    forAll(Generators.seeds, Generators.seeds, minSuccessful(20)) { (a, b) =>
      val (p, q) = (new RandomProgram(a, 8).write().program, new RandomProgram(b, 8).write().program)
      assert(p.hash === new RandomProgram(a, 8).write().program.hash)
      assert((p.hash == q.hash) === (p == q))
    }
    // The probability is an argument: one program for a whole sweep over p.
    def network(p: Double): Program = {
      val trace = new Trace("sweep")
      trace.declare(new Variable("s", Type.vector(DType.EVENTS, 5), 1))
      trace.declare(Variable.of("g", Type.vector(DType.F32, 5)))
      val rows = new Bernoulli(5, 5, p).rows("pairs", Rows.Storage.STORED)
      trace.store("g", trace.propagate(trace.load("s"), rows, DType.F32))
      trace.finish()
    }
    assert(network(0.1).hash === network(0.7).hash)
  }

  test("declarations and names that contradict each other are refused") {
    val trace = new Trace("names")
    trace.parameter("p", DType.F32)
    assert(intercept[IllegalArgumentException](trace.parameter("p", DType.F64)).getMessage === "p is F32 and F64")
    trace.declare(Variable.of("x", Type.vector(DType.F32, 4)))
    val other = intercept[IllegalArgumentException](trace.declare(Variable.of("x", Type.scalar(DType.F32))))
    assert(other.getMessage === "x is f32[4] and f32")
    val wrong = intercept[IllegalArgumentException](trace.store("x", trace.time()))
    assert(wrong.getMessage === "x is f32[4], got i32")
    assert(intercept[IllegalArgumentException](trace.load("y")).getMessage.contains("y"))
    assert(intercept[IllegalArgumentException](trace.store("y", trace.time())).getMessage.contains("y"))
    trace.declare(new Variable("s", Type.vector(DType.EVENTS, 4), 2))
    assert(trace.declare(new Variable("s", Type.vector(DType.EVENTS, 4), 1)).history === 2)
    val events = trace.load("s")
    trace.propagate(events, new AllToAll(4, 4).rows("r", Rows.Storage.STORED), DType.F32)
    val clash = intercept[IllegalArgumentException](
      trace.propagate(events, new AllToAll(4, 2).rows("r", Rows.Storage.STORED), DType.F32))
    assert(clash.getMessage.contains("r"))
  }

  test("types and variables that cannot be are refused") {
    assert(intercept[IllegalArgumentException](new Type(DType.F32, -2)).getMessage.contains("-2"))
    assert(intercept[IllegalArgumentException](Type.scalar(DType.EVENTS)).getMessage.contains("population"))
    assert(intercept[IllegalArgumentException](new Variable("v", Type.scalar(DType.F32), 2)).getMessage.contains("got 2"))
    assert(intercept[IllegalArgumentException](new Variable("v", Type.scalar(DType.F32), 0)).getMessage.contains("got 0"))
  }
}
