package spindle.grad

import scala.util.Random

import org.scalatest.funsuite.AnyFunSuite
import spindle.ir._

/** Every operation: its adjoint is what finite differences say. */
class AdjointSuite extends AnyFunSuite {
  import Derivatives._

  import Scene.n

  private def pair(name: String)(y: Scene => Expr)(smooth: Scene => Expr): Twins = {
    val s = new Scene(name)
    val (p, at) = s.finish(y(s))
    val t = new Scene(name + " smooth")
    Twins(p, t.finish(smooth(t))._1, at, Inputs.all(p))
  }

  private def same(name: String)(y: Scene => Expr): Twins = pair(name)(y)(y)

  /** An elementwise operation on every combination of operands that the type rules allow. */
  private def elementwise(op: Op): Seq[Twins] = {
    val positive = op == Op.LOG || op == Op.SQRT
    val kinds = Seq("f64", "f32", "scalar", "i32") ++ Option.when(!positive && op.arity == 1)("signed") ++ Option.when(op == Op.SELECT)("mask")
    def combinations(k: Int): Seq[List[String]] =
      if (k == 0) Seq(Nil) else for (rest <- combinations(k - 1); kind <- kinds) yield kind :: rest
    for {
      kind <- combinations(op.arity)
      cast <- if (op == Op.CAST) Seq(DType.F64, DType.F32) else Seq(DType.F64)
      // Only these take operands of both float types.
      if op == Op.CAST || op == Op.SELECT || !kind.contains("f32")
      s = new Scene(s"$op $kind")
      y <- applied(op, s, kind, cast)
      if y.`type`.dtype == DType.F64 || (op == Op.CAST && y.`type`.dtype == DType.F32)
    } yield {
      val (p, at) = s.finish(y, used(op))
      val t = new Scene(s"$op smooth")
      Twins(p, t.finish(smooth(op, t, kind, cast), used(op))._1, at, Inputs.all(p))
    }
  }

  /** The twins of these have other values, so nothing but a derivative may depend on them. */
  private def used(op: Op): Boolean = op != Op.PROXY && op != Op.STOP

  private def operands(s: Scene, kind: List[String]): Vector[Expr] =
    kind.zipWithIndex.map { case (name, k) => s.operand(name, k) }.toVector

  private def applied(op: Op, s: Scene, kind: List[String], cast: DType): Option[Expr] = {
    val args = operands(s, kind)
    if (op == Op.SHL || op == Op.SHR) None else Generators.elementwise(op, args, cast)
  }

  private def smooth(op: Op, s: Scene, kind: List[String], cast: DType): Expr = {
    val args = operands(s, kind)
    op match {
      // Of the result's type, with the gradient of the last operand or with none.
      case Op.PROXY => args(0).times(0).plus(args(1))
      case Op.STOP => args(0).times(0)
      case _ => Generators.elementwise(op, args, cast).get
    }
  }

  private def rows(pre: Int, post: Int): Rows = {
    val t = new Trace("every second")
    val cursor = t.parameter(Rows.CURSOR, DType.I32)
    val row = t.parameter(Rows.ROW, DType.I32)
    Seq(Rows.FIRST -> row.apply(Op.AND, row.like(1)), Rows.END -> row.like(post), Rows.COLUMN -> cursor,
      Rows.NEXT -> cursor.plus(2), Rows.WEIGHT -> weight(t, row.plus(cursor).as(DType.F64))).foreach {
      case (name, value) =>
        t.declare(Variable.of(name, value.`type`))
        t.store(name, value)
    }
    new Rows("r", pre, post, 1, false, Rows.Storage.AUTO, t.finish())
  }

  /** A weight that is not linear in its parameters. */
  private def weight(t: Trace, distance: Expr): Expr =
    t.parameter("r.peak", DType.F64).times(distance.over(t.parameter("r.width", DType.F64)).negated().exp())

  private val weights = Map("r.peak" -> 1.25, "r.width" -> 3.5)

  private def withWeights(p: Twins): Twins = p.copy(at = p.at.copy(parameters = p.at.parameters ++ weights))

  /** Programs in which an operation that is not elementwise has derivatives, and some that have none. */
  private def cases(op: Op): Seq[Twins] = op match {
    case Op.CONST => Seq(same("const")(s => s.operand("f64", 0).times(1.5)))
    case Op.PARAM => Seq(same("param")(s => s.operand("scalar", 0)))
    case Op.TIME => Seq(same("time")(s => s.trace.time().as(DType.F64).plus(s.operand("f64", 0))))
    case Op.INDEX => Seq(same("index")(s => s.trace.index(n).as(DType.F64).times(s.operand("f64", 0))))
    case Op.LOAD => Seq(same("load")(s => s.operand("f64", 0)))
    // Its gradient goes from step to step: as random programs check it, and back propagation.
    case Op.RECENT => Seq(same("recent") { s =>
        s.trace.declare(new Variable("s", Type.vector(DType.EVENTS, n), 3))
        s.trace.mark(s.trace.recent("s", 2, 1, n), DType.F64).times(0).plus(s.trace.pad(s.operand("f64", 0), 1, 2 * n - 2))
      })
    case Op.SHL | Op.SHR =>
      Seq(same("shift") { s =>
        val i = s.operand("i32", 0)
        i.apply(op, i.like(3)).as(DType.F64).times(s.operand("f64", 1))
      })
    case Op.AND | Op.XOR | Op.EXPONENT | Op.UNIFORM =>
      Seq(same("integers") { s =>
        val i = s.operand(if (op == Op.EXPONENT) "f64" else "i32", 0)
        val y = Generators.elementwise(op, Vector.fill(op.arity)(i), DType.F64).get
        y.as(DType.F64).times(s.operand("f64", 1))
      })
    case Op.GATHER =>
      Seq(same("gather")(s => s.trace.gather(s.operand("f64", 0), s.operand("i32", 1).max(0).min(4))))
    case Op.SCATTER =>
      Seq(same("scatter")(s => s.trace.scatter(s.operand("f64", 0), s.operand("i32", 1).max(0).min(4), 9)))
    case Op.SUM => Seq(same("sum")(s => s.trace.sum(s.operand("f64", 0))))
    case Op.PAD => Seq(same("pad")(s => s.trace.pad(s.operand("f64", 0), 2, 11)))
    case Op.MARK | Op.COLLECT =>
      Seq(pair("mark")(s => s.trace.mark(s.trace.collect(s.operand("mask", 0)), DType.F64))(_.operand("mask", 0)))
    case Op.SLICE =>
      Seq(pair("slice")(s => s.trace.mark(s.trace.slice(s.trace.collect(s.operand("mask", 0)), 2, 6), DType.F64)) { s =>
        s.trace.gather(s.operand("mask", 0), s.trace.index(4).plus(2))
      })
    case Op.PROPAGATE =>
      for (kind <- Seq("f64", "mask"); d <- Direction.values.toSeq) yield withWeights {
        val r = if (d == Direction.ALONG) rows(n, 5) else rows(5, n)
        pair(s"propagate $kind $d") { s =>
          s.trace.propagate(events(s, kind), r, d, DType.F64)
        }(s => s.trace.propagate(s.operand(kind, 0), r, d, DType.F64))
      }
    case Op.TRANSMIT =>
      for (kind <- Seq("f64", "mask"); d <- Direction.values.toSeq) yield withWeights {
        val r = if (d == Direction.ALONG) rows(n, 2) else rows(2, n)
        pair(s"transmit $kind $d")(s => s.trace.transmit(events(s, kind), s.operand("f64", 1), r, d))(s =>
          s.trace.transmit(s.operand(kind, 0), s.operand("f64", 1), r, d))
      }
    case Op.PAIR =>
      for (kind <- Seq("f64", "mask")) yield withWeights {
        val r = rows(n, n)
        pair(s"pair $kind")(s => s.trace.pair(events(s, kind), s.operand("f64", 1), r, 25))(s =>
          s.trace.pair(s.operand(kind, 0), s.operand("f64", 1), r, 25))
      }
    case _ => elementwise(op)
  }

  private def events(s: Scene, kind: String): Expr =
    if (kind == "mask") s.trace.collect(s.operand(kind, 0)) else s.operand(kind, 0)

  for (op <- Op.values.toSeq) {
    test(s"$op: the adjoint is what finite differences say") {
      val all = cases(op)
      assert(all.nonEmpty)
      for (c <- all) {
        val found = wrong(c, new Random(11), 1e-6)
        assert(found.isEmpty, s"${c.p}\n${found.mkString("\n")}")
      }
    }
  }
}
