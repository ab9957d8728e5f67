package spindle.ir

import java.{util => ju}

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite
import spindle.connect.AllToAll

/** Programs written by hand, each wrong in one way. */
class CheckSuite extends AnyFunSuite {
  private val f4 = Type.vector(DType.F32, 4)
  private val i4 = Type.vector(DType.I32, 4)
  private val s4 = Type.vector(DType.EVENTS, 4)
  private val f = Type.scalar(DType.F32)
  private val i = Type.scalar(DType.I32)
  private val variables = Seq(Variable.of("x", f4), Variable.of("i", i4), new Variable("s", s4, 2))
  private val load = equation(Op.LOAD, f4, "x", 1)()
  private val loadI = equation(Op.LOAD, i4, "i", 1)()
  private val loadS = equation(Op.LOAD, s4, "s", 1)()

  private def equation(op: Op, t: Type, name: String = "", value: Double = 0)(args: Int*): Equation =
    new Equation(op, t, args.map(Int.box).asJava, name, value)

  private def program(updates: Update*)(equations: Equation*): Program = {
    val rows = new AllToAll(4, 2).rows("r", Rows.Storage.STORED)
    new Program("wrong", ju.Map.of("p", DType.F32), variables.asJava, ju.List.of(rows), equations.asJava, updates.asJava)
  }

  private def refused(rule: String, updates: Update*)(equations: Equation*): Unit = {
    val e = intercept[IllegalArgumentException](Check.program(program(updates: _*)(equations: _*)))
    assert(e.getMessage.contains(rule))
  }

  test("a well-formed program passes") {
    Check.program(program(new Update("x", 1))(load, equation(Op.NEG, f4)(0)))
  }

  test("operands come first and are as many as the operation takes") {
    refused("wrong %1 = add f32[4] %0 %2: operand not yet known")(load, equation(Op.ADD, f4)(0, 2))
    refused("operand not yet known")(equation(Op.NEG, f4)(0))
    refused("operand not yet known")(load, equation(Op.NEG, f4)(-1))
    refused("wrong number of operands")(load, equation(Op.ADD, f4)(0))
  }

  test("leaves have the type of what they name") {
    refused("constants are scalars")(equation(Op.CONST, f4)())
    refused("parameter unknown")(equation(Op.PARAM, f, "q")())
    refused("parameter unknown")(equation(Op.PARAM, Type.scalar(DType.F64), "p")())
    refused("time is i32")(equation(Op.TIME, f)())
    refused("an index is i32")(equation(Op.INDEX, f4)())
    refused("load of other type")(equation(Op.LOAD, i4, "x", 1)())
    refused("delay beyond the history")(equation(Op.LOAD, f4, "x", 2)())
    refused("delay beyond the history")(equation(Op.LOAD, s4, "s", 0)())
    refused("wrong has no variable y")(equation(Op.LOAD, f4, "y", 1)())
    refused("only events are remembered")(equation(Op.RECENT, s4, "x")())
    refused("each step of the history has as many neurons")(equation(Op.RECENT, Type.vector(DType.EVENTS, 3), "s")())
    refused("the range must lie inside the population")(equation(Op.RECENT, s4, "s", 3)())
  }

  test("elementwise operations keep the type rules") {
    refused("should be f32[4]")(load, equation(Op.NEG, f)(0))
    refused("does not take these element types")(load, loadI, equation(Op.ADD, f4)(0, 1))
    refused("operands must have equal lengths")(
      load, equation(Op.INDEX, Type.vector(DType.I32, 3))(), equation(Op.ADD, f4)(0, 1))
    refused("does not take these element types")(loadI, equation(Op.EXP, i4)(0))
    refused("a scalar value takes no gradient of a vector")(
      equation(Op.PARAM, f, "p")(), load, equation(Op.PROXY, f4)(0, 1))
    refused("a shift is by a constant")(loadI, equation(Op.SHL, i4)(0, 0))
  }

  test("operations on whole vectors keep theirs") {
    refused("an index is an i32 vector")(load, equation(Op.GATHER, f4)(0, 0))
    refused("an index is an i32 vector")(load, equation(Op.NEG, f4)(0), equation(Op.TIME, i)(), equation(Op.GATHER, f)(1, 2))
    refused("elements are of a vector")(equation(Op.PARAM, f, "p")(), loadI, equation(Op.GATHER, f4)(0, 1))
    refused("one element per index")(load, loadI, equation(Op.GATHER, i4)(0, 1))
    refused("sums are of float vectors")(loadI, equation(Op.SUM, i)(0))
    refused("sums are of float vectors")(equation(Op.PARAM, f, "p")(), equation(Op.SUM, f)(0))
    refused("a sum is a scalar")(load, equation(Op.SUM, f4)(0))
    refused("a mask is a float vector")(loadI, equation(Op.COLLECT, s4)(0))
    refused("events of the mask's neurons")(load, equation(Op.COLLECT, Type.vector(DType.EVENTS, 3))(0))
    refused("only events are sliced")(load, equation(Op.SLICE, s4)(0))
    refused("the range must lie inside the population")(loadS, equation(Op.SLICE, s4, "", 1)(0))
    refused("the range must lie inside the population")(loadS, equation(Op.SLICE, s4, "", -1)(0))
    refused("a product has its operand's element type")(loadI, equation(Op.PROPAGATE, Type.vector(DType.F32, 2), "r")(0))
    refused("a direction is 0 or 1")(load, equation(Op.PROPAGATE, Type.vector(DType.F32, 2), "r", 2)(0))
    refused("one weight of the product's type per synapse")(load, loadI, equation(Op.TRANSMIT, Type.vector(DType.F32, 2), "r")(0, 1))
    refused("targets of another population")(load, load, equation(Op.PAIR, f4, "r")(0, 1))
    refused("only events are marked")(load, equation(Op.MARK, f4)(0))
    refused("the part must lie inside the whole")(load, equation(Op.PAD, f4, "", 1)(0))
    refused("one i32 index per element")(load, load, equation(Op.SCATTER, f4)(0, 1))
    refused("targets of another population")(loadS, equation(Op.PROPAGATE, f4, "r")(0))
    refused("products are floats")(loadS, equation(Op.PROPAGATE, Type.vector(DType.I32, 2), "r")(0))
    val fewer = equation(Op.SLICE, Type.vector(DType.EVENTS, 3))(0)
    refused("r has 4 sources, got 3 elements")(loadS, fewer, equation(Op.PROPAGATE, Type.vector(DType.F32, 2), "r")(1))
    refused("wrong has no rows q")(loadS, equation(Op.PROPAGATE, Type.vector(DType.F32, 2), "q")(0))
  }

  test("updates name a known value of the variable's type, once") {
    refused("update of an unknown value", new Update("x", 3))(load)
    refused("update of an unknown value", new Update("x", -1))(load)
    refused("update of other type", new Update("i", 0))(load)
    refused("variable updated twice", new Update("x", 0), new Update("x", 0))(load)
    refused("wrong has no variable y", new Update("y", 0))(load)
  }
}
