package spindle.ir

/** Programs of single operations on every special number. */
object SpecialNumbers {
  private val n = 1024

  /** Every special number against every other, along three vectors. */
  private def inputs(dtype: DType): Vector[Array[Double]] = {
    val s = if (dtype == DType.I32) Generators.specials.map(_.toInt.toDouble) else Generators.specials
    val k = s.size
    Vector(Array.tabulate(n)(i => s(i % k)), Array.tabulate(n)(i => s(i / k % k)), Array.tabulate(n)(i => s(i * 7 / 3 % k)))
  }

  /** One variable per result of an operation, for every choice of element types it allows. */
  def program(op: Op): Case = {
    val trace = new Trace(op.toString)
    val initial = DType.values.toVector.filter(_ != DType.EVENTS).flatMap { dtype =>
      inputs(dtype).zipWithIndex.map { case (values, k) =>
        trace.declare(Variable.of(s"$dtype.$k", Type.vector(dtype, n)))
        s"$dtype.$k" -> values
      }
    }.toMap
    val dtypes = Vector(DType.F32, DType.F64, DType.I32)
    val choices = (1 to op.arity).foldLeft(Vector(Vector.empty[DType]))((all, _) => all.flatMap(c => dtypes.map(c :+ _)))
    for (choice <- choices; cast <- dtypes) {
      val args = choice.zipWithIndex.map { case (dtype, k) => operand(trace, op, dtype, k) }
      Generators.elementwise(op, args, cast).foreach { result =>
        val name = s"out ${choice.mkString(" ")} $cast"
        trace.declare(Variable.of(name, result.`type`))
        trace.store(name, result)
      }
    }
    Case(trace.finish(), Map.empty, initial)
  }

  private def operand(trace: Trace, op: Op, dtype: DType, k: Int): Expr = op match {
    case Op.SHL | Op.SHR if k == 1 => trace.constant(DType.I32, 7)
    // Which sign a NaN carries depends on the processor; nothing else shows it.
    case Op.MANTISSA if dtype.isFloat => Generators.withoutNaN(trace.load(s"$dtype.$k"))
    case _ => trace.load(s"$dtype.$k")
  }
}
