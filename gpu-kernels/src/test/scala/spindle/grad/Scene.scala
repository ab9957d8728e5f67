package spindle.grad

import scala.util.Random

import spindle.ir._

/** A program of one value, and the inputs that it may choose from. */
final class Scene(name: String) {
  import Scene._

  val trace = new Trace(name)
  private val random = new Random(5)
  private var state = Map.empty[String, Array[Double]]
  private var parameters = Map.empty[String, Double]

  /** An operand of one of the kinds. */
  def operand(kind: String, k: Int): Expr = kind match {
    case "f64" => variable(s"x$k", f64, Derivatives.grid(random, n, k))
    case "f32" => variable(s"n$k", f64.as(DType.F32), Derivatives.grid(random, n, k))
    case "signed" => variable(s"s$k", f64, Derivatives.grid(random, n, k).map(x => if (random.nextBoolean()) x else -x))
    case "scalar" =>
      parameters += s"p$k" -> Derivatives.grid(random, 1, k).head
      trace.parameter(s"p$k", DType.F64)
    case "i32" => variable(s"i$k", f64.as(DType.I32), Array.tabulate(n)(i => (i * 3 % n - 2).toDouble))
    case "mask" => variable(s"m$k", f64, Array.tabulate(n)(i => (i * 5 % 7 % 2).toDouble))
  }

  private def variable(name: String, t: Type, values: Array[Double]): Expr = {
    trace.declare(Variable.of(name, t))
    state += name -> values
    trace.load(name)
  }

  /** Yields `y`, and if it is `used`, also its product with a further input. */
  def finish(y: Expr, used: Boolean = true): (Program, Point) = {
    trace.declare(Variable.of("y", y.`type`))
    trace.store("y", y)
    if (used && y.`type`.dtype == DType.F64) {
      trace.declare(Variable.of("z", y.`type`))
      trace.store("z", y.times(operand("scalar", 9)))
    }
    val program = trace.finish()
    val rest = Derivatives.floats(program).filterNot(v => state.contains(v.name)).map(v => v.name -> new Array[Double](v.`type`.size))
    (program, Point(state ++ rest, parameters))
  }
}

object Scene {
  /** Length of its vectors. */
  val n = 7
  private val f64 = Type.vector(DType.F64, n)
}
