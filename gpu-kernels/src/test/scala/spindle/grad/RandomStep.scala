package spindle.grad

import scala.collection.mutable
import scala.jdk.CollectionConverters._
import scala.util.Random

import spindle.connect._
import spindle.ir._

/**
 * Writes steps of random equations whose values stay finite and of moderate size, with their
 * derivatives. Elementwise operations come from the enum and are typed by the rules themselves, so
 * a new one takes part as soon as it exists.
 *
 * @param float element type of all floats
 * @param products whether there are connectivities
 */
final class RandomStep(seed: Long, float: DType, products: Boolean) {
  private val random = new Random(seed)
  private val trace = new Trace("random")
  private val lengths = random.shuffle(Generators.sizes.filter(_ <= (if (products) 64 else 1000))).take(2)
  private val arguments = mutable.Map.empty[String, Double]
  private val initial = mutable.Map.empty[String, Array[Double]]
  private val values = mutable.ArrayBuffer.empty[Expr]
  private val events = mutable.ArrayBuffer.empty[Expr]
  private val variables = mutable.ArrayBuffer.empty[Variable]
  private var rows = 0

  def write(size: Int): Case = {
    declare()
    Op.values.foreach(op => emit(op).foreach(keep))
    while (values.size + events.size < size) emit(pick(Op.values.toVector)).foreach(keep)
    variables.foreach { v =>
      val fitting = (values ++ events).filter(_.`type` == v.`type`)
      if (fitting.nonEmpty && random.nextInt(6) > 0) trace.store(v.name, recent(fitting))
    }
    Case(trace.finish(), arguments.toMap, initial.toMap)
  }

  private def keep(e: Expr): Unit = if (e.`type`.dtype == DType.EVENTS) events += e else values += e

  private def declare(): Unit = {
    for (dtype <- Vector(float, DType.I32); length <- Type.SCALAR +: lengths; copy <- 0 to 1) {
      val v = Variable.of(s"$dtype.$length.$copy", new Type(dtype, length))
      variables += trace.declare(v)
      initial(v.name) = Array.fill(v.`type`.size)(number(dtype))
      values += trace.load(v.name)
    }
    for (length <- lengths; copy <- 0 to 1) {
      val v = new Variable(s"EVENTS.$length.$copy", Type.vector(DType.EVENTS, length), 1 + random.nextInt(4))
      variables += trace.declare(v)
      events += trace.load(v.name, 1 + random.nextInt(v.history))
    }
  }

  private def emit(op: Op): Option[Expr] = op match {
    case Op.CONST => Some(trace.constant(float, number(float)))
    case Op.PARAM =>
      val name = s"p${arguments.size}"
      arguments(name) = number(float)
      Some(trace.parameter(name, float))
    case Op.TIME => Some(trace.time())
    case Op.INDEX => Some(trace.index(pick(lengths)))
    case Op.LOAD =>
      val v = pick(variables.toVector)
      Some(trace.load(v.name, 1 + random.nextInt(v.history)))
    case Op.RECENT =>
      val v = pick(variables.filter(_.`type`.dtype == DType.EVENTS).toVector)
      val from = random.nextInt(v.`type`.length + 1)
      val to = from + random.nextInt(v.`type`.length - from + 1)
      Some(trace.recent(v.name, 1 + random.nextInt(v.history), from, to))
    case Op.GATHER =>
      for {
        from <- some(values.filter(_.`type`.length > 0))
        index <- some(values.filter(v => v.`type`.dtype == DType.I32 && !v.`type`.isScalar))
      } yield trace.gather(from, index.max(0).min(from.`type`.length - 1))
    case Op.SCATTER =>
      for {
        index <- some(values.filter(v => v.`type`.dtype == DType.I32 && v.`type`.length > 0))
        x <- some(vectors.filter(_.`type`.length == index.`type`.length))
        length <- lengths.find(_ > 0)
      } yield calm(trace.scatter(x, index.max(0).min(length - 1), length))
    case Op.SUM => some(vectors).map(x => calm(trace.sum(x)))
    case Op.PAD =>
      some(vectors).map { x =>
        val length = x.`type`.length + random.nextInt(9)
        trace.pad(x, random.nextInt(length - x.`type`.length + 1), length)
      }
    case Op.COLLECT => some(vectors).map(x => trace.collect(x.heaviside.apply(Op.PROXY, x)))
    case Op.MARK => some(events).map(trace.mark(_, float))
    case Op.SLICE =>
      some(events).map { e =>
        val from = random.nextInt(e.`type`.length + 1)
        trace.slice(e, from, from + random.nextInt(e.`type`.length - from + 1))
      }
    case Op.PROPAGATE | Op.TRANSMIT | Op.PAIR =>
      if (products) some(if (random.nextBoolean()) events else vectors).flatMap(product(op, _)) else None
    case _ => elementwise(op)
  }

  private def vectors = values.filter(v => v.`type`.dtype.isFloat && !v.`type`.isScalar)

  /** x / (1 + |x|). */
  private def calm(x: Expr): Expr = x.over(x.apply(Op.ABS).plus(1))

  private def product(op: Op, x: Expr): Option[Expr] = {
    val n = x.`type`.length
    val b = pick(Vector(1, 1, 2, 7).filter(b => n > 0 && n % b == 0) :+ 1)
    if (op == Op.PAIR) {
      some(vectors.filter(y => y.`type`.length % b == 0 && (y.`type`.length > 0 || b == 1))).map { y =>
        val law = delayed(n / b, counted(_, y.`type`.length / b))
        calm(trace.pair(x, y, connected(law), law.expectedSynapses.toInt))
      }
    } else {
      val towards = pick(Direction.values.toVector)
      val targets = pick(lengths) / b
      val (sources, post) = if (towards == Direction.ALONG) (n / b, targets) else (targets, n / b)
      Some(if (op == Op.PROPAGATE) {
        calm(trace.propagate(x, connected(delayed(sources, sparse(_, post))), towards, float))
      } else {
        val law = delayed(sources, counted(_, post))
        val weights = trace.index(law.expectedSynapses.toInt).as(float).times(-0.37).apply(Op.SIN)
        val depends = some(values.filter(v => v.`type`.isScalar && v.`type`.dtype.isFloat)).fold(weights)(weights.times)
        calm(trace.transmit(x, depends, connected(law), towards))
      })
    }
  }

  /** A law with so many sources: neurons, or neurons in each of some steps. */
  private def delayed(sources: Int, laws: Int => Vector[Connectivity]): Connectivity = {
    val longest = pick(Vector(1, 1, 2, 3, 4).filter(l => sources > 0 && sources % l == 0) :+ 1)
    val law = pick(laws(sources / longest))
    if (longest == 1) law else new Delayed(law, new Delayed.Uniform(1, longest))
  }

  private def sparse(pre: Int, post: Int): Vector[Connectivity] =
    Generators.connectivities(pre, post).filter(_.expectedSynapses <= 1500)

  /** Laws that have as many synapses whatever the seed. */
  private def counted(pre: Int, post: Int): Vector[Connectivity] = sparse(pre, post).filter {
    case _: FixedOutDegree | _: FixedInDegree | _: OneToOne | _: AllToAll => true
    case _ => false
  }

  private def connected(law: Connectivity): Rows = {
    rows += 1
    law.arguments(s"rows$rows", random.nextLong()).forEach((k, v) => arguments(k) = v)
    law.rows(s"rows$rows", Rows.Storage.AUTO)
  }

  private def elementwise(op: Op): Option[Expr] =
    Iterator.fill(60)(Generators.elementwise(op, operands(op), pick(Vector(float, DType.I32))))
      .collectFirst { case Some(e) => if (e.`type`.dtype.isFloat) tamed(op, e) else e }

  /** Operands from where the operation and its derivative are finite. */
  private def operands(op: Op): Vector[Expr] = {
    val x = Vector.fill(op.arity)(recent(values))
    def isFloat(k: Int) = x(k).`type`.dtype.isFloat
    op match {
      case Op.SHL | Op.SHR => x.updated(1, trace.constant(DType.I32, random.nextInt(34)))
      case Op.DIV if isFloat(1) => x.updated(1, x(1).times(x(1)).plus(0.5))
      case Op.LOG | Op.SQRT | Op.MANTISSA | Op.EXPONENT if isFloat(0) => Vector(x(0).apply(Op.ABS).plus(0.25))
      case Op.EXP | Op.EXPM1 | Op.EXPREL if isFloat(0) => Vector(calm(x(0)))
      case Op.SCALE if isFloat(1) => x.updated(1, x(1).max(-3).min(3))
      case Op.SELECT if isFloat(0) => x.updated(0, x(0).heaviside)
      // Products of large integers wrap; as floats they would drown the rest.
      case Op.CAST if !isFloat(0) => Vector(x(0).max(-4).min(4))
      case _ => x
    }
  }

  private def tamed(op: Op, y: Expr): Expr = op match {
    case Op.MUL | Op.DIV | Op.FMA | Op.ADD | Op.SUB | Op.SCALE | Op.LOG => calm(y)
    case _ => y
  }

  private def number(dtype: DType): Double =
    if (dtype == DType.I32) (random.nextInt(64) - 16).toDouble else random.nextGaussian()

  private def pick[A](from: Vector[A]): A = from(random.nextInt(from.size))

  private def some[A](from: mutable.ArrayBuffer[A]): Option[A] = Option.when(from.nonEmpty)(recent(from))

  /** Mostly what was written last, so that chains grow long. */
  private def recent[A](from: mutable.ArrayBuffer[A]): A = {
    val back = if (random.nextBoolean()) random.nextInt(from.size) else random.nextInt(from.size min 6)
    from(from.size - 1 - back)
  }
}
