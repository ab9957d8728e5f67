package spindle.ir

import java.{util => ju}

import scala.collection.mutable
import scala.jdk.CollectionConverters._
import scala.util.{Random, Try}

import org.scalacheck.Gen
import spindle.backend.{Arguments, Backend, Executable, Lockstep}
import spindle.backend.cpu.CpuBackend
import spindle.backend.cuda.StandIn
import spindle.backend.reference.ReferenceBackend
import spindle.compile.{Jvm, Mode}
import spindle.connect._

/** What the suites draw from: sizes, special numbers, connectivities, random programs. */
object Generators {
  val sizes: Vector[Int] = Vector(0, 1, 7, 64, 1000)

  /** Numbers at which floating-point code goes wrong; each is also tried rounded to f32. */
  val specials: Vector[Double] = Vector(0.0, -0.0, 1, -1, 0.5, 1.5, -2.5, Double.NaN,
    Double.PositiveInfinity, Double.NegativeInfinity, Float.MinPositiveValue, -Float.MinPositiveValue,
    java.lang.Float.MIN_NORMAL, -java.lang.Float.MIN_NORMAL / 3, Float.MaxValue, -Float.MaxValue,
    Double.MinPositiveValue, java.lang.Double.MIN_NORMAL, Double.MaxValue, -Double.MaxValue,
    8388607.5, 2147483647.0, -2147483648.0, 4294967296.0, -4e9, 1e-20, 1e20, 88.5, -104.0, 709.5)

  val seeds: Gen[Long] = Gen.long

  /** Every connectivity, each with the parameters that tend to break; one line per law. */
  def connectivities(pre: Int, post: Int): Vector[Connectivity] =
    Vector(0.0, 0.02, 0.3, 0.7, 0.9, 1.0).map(new Bernoulli(pre, post, _)) ++
      Vector(new UniformSkips(pre, post, 0.15, false), new UniformSkips(pre, post, 0.7, true)) ++
      Vector(new Gaussian(grid(pre, false), grid(post, false), 0.5, 0.8, true),
        new Gaussian(grid(pre, true), grid(post, true), 0.4, 1, pre != post)) ++
      Vector(0, post min 5, post).distinct.map(new FixedOutDegree(pre, post, _)) ++
      Vector(0, pre min 5, pre).distinct.map(new FixedInDegree(pre, post, _)) ++
      Option.when(pre == post)(new OneToOne(pre)) ++
      Vector(new AllToAll(pre, post),
        new Weighted(new Bernoulli(pre, post, 0.3), Weighted.Law.UNIFORM, -1, 2),
        new Weighted(new FixedOutDegree(pre, post, post min 5), Weighted.Law.NORMAL, 1, 0.5),
        new Weighted(new FixedInDegree(pre, post, pre min 5), Weighted.Law.NORMAL, -0.5, 0.25),
        new Weighted(new Gaussian(grid(pre, true), grid(post, true), 0.6, 0.4, true), Weighted.Law.NORMAL, 0, 1),
        new Weighted(new AllToAll(pre, post), Weighted.Law.UNIFORM, 0, 1e-3)) ++
      Vector(Csr.of(pre, post, pairs(pre, post, 0.2)),
        Csr.of(pre, post, weighted(pairs(pre, post, 0.6))),
        Csr.of(pre, post, weighted(band(pre, post))),
        new Weighted(Csr.of(pre, post, pairs(pre, post, 0.1)), Weighted.Law.UNIFORM, -1, 2))

  /** Some of all pairs, in no order; few of very many. */
  private def pairs(pre: Int, post: Int, p: Double): Csr.Pairs = {
    val random = new Random(pre + 1000L * post)
    val count = (p * pre * post).toInt min 1000
    val some = Iterator.continually(random.nextInt(pre * post)).distinct.take(count).toArray
    new Csr.Pairs(some.map(_ / post), some.map(_ % post))
  }

  /** Rows of neighbours, none, one or a few, that begin anywhere. */
  private def band(pre: Int, post: Int): Csr.Pairs = {
    val some = for (i <- Array.range(0, pre); j <- i * 7 % (post max 1) until post take i % 6) yield (i, j)
    new Csr.Pairs(some.map(_._1), some.map(_._2))
  }

  private def weighted(pairs: Csr.Pairs): Csr.Pairs =
    new Csr.Pairs(pairs.pre, pairs.post, pairs.pre.indices.map(k => ((k * 37) % 101 - 50.5f) / 32).toArray)

  /** A grid of n neurons, as square as n allows. */
  def grid(n: Int, periodic: Boolean): Grid = {
    val height = (1 to n).takeWhile(h => h * h <= n).filter(n % _ == 0).lastOption.getOrElse(1)
    new Grid(height, n / height, periodic)
  }

  /** The interpreter first, then all others. */
  lazy val backends: Vector[Backend] =
    new ReferenceBackend +: others

  /** All of them in lockstep: what is run on it is checked to have the same bits everywhere. */
  lazy val everywhere: Backend = new Lockstep(backends)

  /** Everywhere for the first of many that differ by a seed, and the interpreter for the rest. */
  def everywhere(turn: Int): Backend = if (turn <= 3) everywhere else backends.head

  /** Their names, for tasks. */
  lazy val names: Vector[String] = backends.map(_.name).distinct

  /** Every backend that is judged by the interpreter; CUDA where its stand-in could be built. */
  lazy val others: Vector[Backend] = {
    StandIn.missing.foreach(why => Console.err.println(s"CUDA is left out of what is run everywhere: $why"))
    compiled ++ StandIn.backends
  }

  /** Every way in which the CPU backend can write loops. */
  def compiled: Vector[Backend] =
    new CpuBackend(Mode.PLAIN) +: Vector(new CpuBackend(Mode.VECTOR)).filter(_ => Jvm.hasVectors)

  /** What an expression yields for each input; everywhere, but for more numbers than the slow ones can do. */
  def map(dtype: DType, inputs: Array[Double])(f: Expr => Expr): Array[Double] = {
    val trace = new Trace("map")
    val vector = Type.vector(dtype, inputs.length)
    trace.declare(Variable.of("x", vector))
    trace.declare(Variable.of("y", vector))
    trace.store("y", f(trace.load("x")))
    val all = inputs.indices.toArray
    val backend = if (inputs.length > 20000) compiled.head else everywhere
    val executable = backend.load(trace.finish(), new Arguments(ju.Map.of(), ju.Set.of()))
    executable.write("x", inputs)
    executable.run(0, 1)
    val out = new Array[Double](inputs.length)
    executable.read("y", all, out)
    executable.close()
    out
  }

  /** An operation on operands, where the type rules allow it. */
  def elementwise(op: Op, args: Vector[Expr], cast: DType): Option[Expr] =
    Try(Typing.elementwise(op, args.map(_.`type`).asJava, cast)).toOption
      .map(_ => args(0).trace.elementwise(op, args.asJava, cast))

  /** x, and 1.25 where x is NaN: a cast to i32 turns NaN into 0. */
  def withoutNaN(x: Expr): Expr =
    x.heaviside.times(2).minus(1).as(DType.I32).as(x.`type`.dtype).select(x, x.like(1.25))

  /** `n` deviates of a stream, by counter. */
  def deviates(dtype: DType, n: Int, key: Key)(f: Expr => Expr): Array[Double] =
    map(dtype, new Array[Double](n)) { x =>
      val k0 = x.trace.constant(DType.I32, key.k0)
      val k1 = x.trace.constant(DType.I32, key.k1)
      f(x.trace.uniform(dtype, k0, k1, x.trace.index(n)))
    }
}

/** A program with everything it needs to run. */
final case class Case(program: Program, arguments: Map[String, Double], initial: Map[String, Array[Double]]) {
  private val recorded =
    program.variables.asScala.filter(_.`type`.dtype == DType.EVENTS).map(_.name).toSet

  def load(backend: Backend): Executable = {
    val scalars = arguments.map { case (k, v) => k -> Double.box(v) }.asJava
    val executable = backend.load(program, new Arguments(scalars, recorded.asJava))
    initial.foreach { case (name, values) => executable.write(name, values) }
    executable
  }

  private def bits(executable: Executable): Map[String, Seq[Long]] =
    Lockstep.state(program, executable) ++ recorded.map(v => s"log of $v" -> Lockstep.events(executable.log(v)))

  /** Where a backend first leaves the reference, or nothing. */
  def difference(backend: Backend, steps: Int): Option[String] = {
    val expected = load(new ReferenceBackend)
    val actual = load(backend)
    try (0 until steps).iterator.map { step =>
      expected.run(step, 1)
      actual.run(step, 1)
      difference(expected, actual).map(d => s"${backend.device} step $step: $d")
    }.collectFirst { case Some(d) => d }
    finally Seq(expected, actual).foreach(_.close())
  }

  /** The first element in which two executables of this program differ. */
  def difference(expected: Executable, actual: Executable): Option[String] =
    Lockstep.difference(bits(expected), bits(actual))
}

/**
 * Writes a program of random equations. Elementwise operations come from the enum and are typed by
 * the rules themselves, so a new one takes part as soon as it exists.
 */
final class RandomProgram(seed: Long, size: Int) {
  private val random = new Random(seed)
  private val trace = new Trace("random")
  private val narrow = random.nextBoolean()
  // FLOOR and f64 have no vector form; without them whole loops go through the Vector API.
  private val avoided = if (narrow && random.nextBoolean()) Set(Op.FLOOR) else Set.empty[Op]
  private val dtypes = if (narrow) Vector(DType.F32, DType.I32) else Vector(DType.F32, DType.F64, DType.I32)
  private val lengths = random.shuffle(Generators.sizes).take(2)
  private val arguments = mutable.Map.empty[String, Double]
  private val initial = mutable.Map.empty[String, Array[Double]]
  private val values = mutable.ArrayBuffer.empty[Expr]
  private val events = mutable.ArrayBuffer.empty[Expr]
  private val variables = mutable.ArrayBuffer.empty[Variable]
  private var rows = 0

  def write(): Case = {
    declare()
    while (values.size + events.size < size + 4 * variables.size) {
      val op = pick(Op.values.toVector.filterNot(avoided))
      emit(op).foreach(e => (if (e.`type`.dtype == DType.EVENTS) events else values) += e)
    }
    variables.foreach { v =>
      val fitting = (values ++ events).filter(_.`type` == v.`type`)
      if (fitting.nonEmpty && random.nextInt(8) > 0) trace.store(v.name, recent(fitting))
    }
    Case(trace.finish(), arguments.toMap, initial.toMap)
  }

  private def declare(): Unit = {
    for (dtype <- dtypes; length <- Type.SCALAR +: lengths; copy <- 0 to 1) {
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
    case Op.CONST =>
      val dtype = pick(dtypes)
      Some(trace.constant(dtype, number(dtype)))
    case Op.PARAM =>
      val dtype = pick(dtypes)
      val name = s"p${arguments.size}"
      arguments(name) = number(dtype)
      Some(trace.parameter(name, dtype))
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
        from <- some(values.filter(v => v.`type`.length > 0))
        index <- some(values.filter(v => v.`type`.dtype == DType.I32 && !v.`type`.isScalar))
      } yield trace.gather(from, index.max(0).min(from.`type`.length - 1))
    case Op.SUM => some(floats).map(trace.sum)
    case Op.COLLECT => some(floats).map(trace.collect)
    case Op.SLICE =>
      some(events).map { e =>
        val from = random.nextInt(e.`type`.length + 1)
        trace.slice(e, from, from + random.nextInt(e.`type`.length - from + 1))
      }
    case Op.MARK => some(events).map(trace.mark(_, pick(dtypes.filter(_.isFloat))))
    case Op.PAD =>
      some(floats).map { x =>
        val length = x.`type`.length + random.nextInt(70)
        trace.pad(x, random.nextInt(length - x.`type`.length + 1), length)
      }
    case Op.SCATTER =>
      for {
        index <- some(values.filter(v => v.`type`.dtype == DType.I32 && v.`type`.length > 0))
        x <- some(floats.filter(_.`type`.length == index.`type`.length))
        length <- Some(pick(lengths)).filter(_ > 0)
      } yield trace.scatter(x, index.max(0).min(length - 1), length)
    case Op.PROPAGATE => some(if (random.nextBoolean()) events else floats).map(propagate)
    case Op.TRANSMIT => some(if (random.nextBoolean()) events else floats).map(transmit)
    case Op.PAIR => some(if (random.nextBoolean()) events else floats).flatMap(pair)
    case _ => elementwise(op)
  }

  private def floats = values.filter(v => v.`type`.dtype.isFloat && !v.`type`.isScalar)

  private def direction = pick(Direction.values.toVector)

  /** Elements per neuron of a batch, and how many neurons have them. */
  private def batch(length: Int): (Int, Int) = {
    val b = pick(Vector(1, 1, 1, 2, 7, 20).filter(b => length > 0 && length % b == 0) :+ 1)
    (b, length / b)
  }

  private def dtype(x: Expr): DType =
    if (x.`type`.dtype == DType.EVENTS) pick(dtypes.filter(_.isFloat)) else x.`type`.dtype

  private def propagate(x: Expr): Expr = {
    val (b, sources) = batch(x.`type`.length)
    val towards = direction
    val targets = pick(lengths) / b
    val longest = steps(if (towards == Direction.ALONG) sources else targets)
    val (pre, post) = if (towards == Direction.ALONG) (sources / longest, targets) else (targets / longest, sources)
    val dense = pre.toLong * post > 10000
    val laws = Generators.connectivities(pre, post).filter(c => !dense || c.expectedSynapses <= 0.03 * pre * post)
    trace.propagate(x, connected(delayed(pick(laws), longest)), towards, dtype(x))
  }

  private def connected(law: Connectivity): Rows = {
    rows += 1
    val name = s"rows$rows"
    law.arguments(name, random.nextLong()).forEach((k, v) => arguments(k) = v)
    law.rows(name, pick(Rows.Storage.values.toVector))
  }

  /** A law with delays of as many steps, if it is more than one. */
  private def delayed(law: Connectivity, steps: Int): Connectivity =
    if (steps == 1) law else new Delayed(law, new Delayed.Uniform(random.nextInt(steps + 1), steps))

  /** For how many steps so many sources may stand: more than one now and then. */
  private def steps(sources: Int): Int =
    pick(Vector(1, 1, 2, 3, 4).filter(l => sources > 0 && sources % l == 0) :+ 1)

  /** A law that has as many synapses whatever the seed. */
  private def counted(pre: Int, post: Int): Connectivity =
    pick(Generators.connectivities(pre, post).filter {
      case _: FixedOutDegree | _: FixedInDegree => true
      case _: OneToOne | _: Csr => true
      case _: AllToAll => pre.toLong * post <= 10000
      case _ => false
    }.filter(_.expectedSynapses <= 10000))

  private def transmit(x: Expr): Expr = {
    val (b, sources) = batch(x.`type`.length)
    val towards = direction
    val targets = pick(lengths) / b
    val (pre, post) = if (towards == Direction.ALONG) (sources, targets) else (targets, sources)
    val longest = steps(pre)
    val law = counted(pre / longest, post)
    val weights = trace.index(law.expectedSynapses.toInt).as(dtype(x)).times(-0.37).plus(3)
    // Weights may be no numbers, and what is 0 contributes nothing all the same.
    val computed = pick(Vector(weights, weights, weights.plus(-3).times(-1e38), weights.log))
    val any = if (random.nextInt(3) == 0) written(weights.`type`) else computed
    trace.transmit(x, any, connected(delayed(law, longest)), towards)
  }

  /** What no equation changes. */
  private def written(vector: Type): Expr = {
    val name = s"written${initial.size}"
    initial(name) = Array.fill(vector.length)(number(vector.dtype))
    val weights = trace.load(trace.declare(Variable.of(name, vector)).name)
    if (random.nextBoolean()) values += weights // so that others may use them too
    weights
  }

  private def pair(x: Expr): Option[Expr] = {
    val (b, pre) = batch(x.`type`.length)
    some(floats.filter(y => y.`type`.length % b == 0 && (y.`type`.dtype == x.`type`.dtype || x.`type`.dtype == DType.EVENTS)
      && (pre > 0 || b == 1) && (y.`type`.length > 0 || b == 1)))
      .map { y =>
        val longest = steps(pre)
        val law = counted(pre / longest, y.`type`.length / b)
        trace.pair(x, y, connected(delayed(law, longest)), law.expectedSynapses.toInt)
      }
  }

  private def elementwise(op: Op): Option[Expr] =
    Iterator.fill(60)(attempt(op, operands(op))).collectFirst { case Some(e) => e }

  private def operands(op: Op): Vector[Expr] = {
    val first = recent(values)
    val rest = Vector.fill(op.arity - 1)(recent(values))
    op match {
      case Op.SHL | Op.SHR => Vector(first, trace.constant(DType.I32, random.nextInt(40) - 4))
      // A NaN has no sign to keep: which one comes out of 0 * infinity depends on the processor.
      case Op.MANTISSA if first.`type`.dtype.isFloat => Vector(Generators.withoutNaN(first))
      case _ => first +: rest
    }
  }

  private def attempt(op: Op, args: Vector[Expr]): Option[Expr] =
    Generators.elementwise(op, args, pick(dtypes))

  private def number(dtype: DType): Double = dtype match {
    case DType.I32 => (if (random.nextInt(4) == 0) random.nextInt() else random.nextInt(64) - 16).toDouble
    case _ =>
      if (random.nextInt(4) == 0) pick(Generators.specials)
      else random.nextGaussian() * math.pow(10, random.nextInt(5).toDouble - 2)
  }

  private def pick[A](from: Vector[A]): A = from(random.nextInt(from.size))

  private def some[A](from: mutable.ArrayBuffer[A]): Option[A] =
    Option.when(from.nonEmpty)(recent(from))

  /** Mostly what was written last, so that chains grow long. */
  private def recent[A](from: mutable.ArrayBuffer[A]): A = {
    val back = if (random.nextBoolean()) random.nextInt(from.size) else random.nextInt(from.size min 6)
    from(from.size - 1 - back)
  }
}
