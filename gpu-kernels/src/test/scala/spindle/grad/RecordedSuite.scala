package spindle.grad

import scala.jdk.CollectionConverters._
import scala.util.Random

import org.scalatest.funsuite.AnyFunSuite
import spindle.backend.Snapshot
import spindle.connect.{AllToAll, OneToOne}
import spindle.compile.{Mode, Schedule, Stage}
import spindle.grad.surrogate.{Arctan, ReluGrad, Surrogate}
import spindle.ir._

/** What a step keeps for its adjoint changes no bit and is as little as can be. */
class RecordedSuite extends AnyFunSuite {
  import Derivatives._

  private def bits(x: Array[Double]): Seq[Long] = x.toSeq.map(java.lang.Double.doubleToLongBits)

  private def values(e: spindle.backend.Executable, variables: Iterable[Variable]): Values =
    variables.map(v => v.name -> read(e, v)).toMap

  test("with what a step has kept, its adjoint gives the bits of the one that computes all again") {
    for (dtype <- Seq(DType.F32, DType.F64); products <- Seq(false, true); seed <- 1L to 12) {
      val c = new RandomStep(seed, dtype, products).write(120)
      val plain = Adjoint.of(c.program)
      val recorded = Recorded.of(c.program, Inputs.all(c.program))
      val run = c.copy(program = recorded.step).load(Generators.everywhere(seed.toInt))
      run.run(0, 4)
      val before = values(run, c.program.variables.asScala)
      run.run(4, 1)
      val kept = values(run, recorded.kept.asScala)
      val random = new Random(seed)
      val bars = plain.cotangents.asScala.map(v => v.name -> directions(random, v.`type`.size)).toMap
      val Seq(expected, actual) = for (a <- Seq(plain, recorded.adjoint)) yield
        step(load(a.program, c.arguments, Generators.everywhere(seed.toInt)), a.program, before ++ bars ++ (if (a eq plain) Map.empty else kept), 4)
      for (v <- plain.cotangents.asScala ++ plain.gradients.asScala)
        assert(bits(expected(v.name)) === bits(actual(v.name)), s"${v.name} $dtype seed $seed\n${c.program}")
    }
  }

  test("the step that keeps values moves its state like the one that does not") {
    for (seed <- 1L to 6) {
      val c = new RandomStep(seed, DType.F32, products = true).write(120)
      val recorded = Recorded.of(c.program, Inputs.all(c.program)).step
      val Seq(one, other) = Seq(c.program, recorded).map(p => c.copy(program = p).load(Generators.everywhere(seed.toInt)))
      Seq(one, other).foreach(_.run(0, 5))
      for (v <- c.program.variables.asScala) assert(bits(read(one, v)) === bits(read(other, v)), v.name)
    }
  }

  private val n = 6

  private def neurons: Program = neurons(new Arctan(2))

  private def neurons(surrogate: Surrogate, longest: Int = 1): Program = {
    val t = new Trace("neurons")
    def vector(name: String, size: Int = n) = t.load(t.declare(Variable.of(name, Type.vector(DType.F32, size))).name)
    val s = t.declare(new Variable("s", Type.vector(DType.EVENTS, n), longest))
    val drive = t.transmit(t.load(s.name), vector("w", n * n), new AllToAll(n, n).rows("r", Rows.Storage.AUTO), Direction.ALONG)
    val others = t.propagate(t.load(s.name, longest), new OneToOne(n).rows("o", Rows.Storage.AUTO), DType.F32).times(-0.25)
    val now = if (longest == 1) drive else drive.plus(others)
    val v = vector("v").times(0.875).plus(vector("g").times(0.5)).plus(now)
    val z = surrogate.spike(v.minus(1))
    t.store("s", t.collect(z))
    t.store("g", vector("g").times(0.75))
    t.store("v", v.times(z.from(1)))
    t.finish()
  }

  test("of neurons it keeps the potential before the reset and repeats no product") {
    val recorded = Recorded.of(neurons, Inputs.all(neurons))
    assert(recorded.kept.asScala.map(v => v.name -> v.`type`.toString) === Seq("kept.0" -> s"f32[$n]"))
    assert(recorded.adjoint.state.asScala.map(_.name).toSet === Set("kept.0", "s", "w"))
    val products = recorded.adjoint.program.equations.asScala.filter(_.op == Op.TRANSMIT)
    assert(products.map(Direction.of(_)) === Seq(Direction.AGAINST))
    val again = Adjoint.of(neurons).program.equations.asScala.filter(_.op == Op.TRANSMIT)
    assert(again.map(Direction.of(_)).toSet === Set(Direction.ALONG, Direction.AGAINST))
  }

  test("products that come one run later leave the gradient's bits as they are") {
    for (surrogate <- Seq(new Arctan(2), new ReluGrad(2, 0.5)); longest <- 1 to 3; seed <- 1L to 5) {
      val p = neurons(surrogate, longest)
      val recorded = Recorded.of(p, Inputs.all(p))
      val random = new Random(seed)
      val start = Map("w" -> directions(random, n * n), "v" -> directions(random, n), "g" -> Array.fill(n)(1 + random.nextInt(8) / 4.0))
      val run = load(recorded.step, Map.empty, Generators.everywhere(seed.toInt))
      start.foreach { case (name, x) => run.write(name, x) }
      val tape = for (k <- 0 until 8) yield {
        val before = values(run, p.variables.asScala.filterNot(_.name == "s"))
        val events = new Snapshot(p.variables.asScala.filter(_.name == "s").asJava)
        run.save(events)
        run.run(k, 1)
        (before ++ values(run, recorded.kept.asScala), events)
      }
      val bars = Map("bar.v" -> directions(random, n))
      assert(recorded.late.adjoint.cotangents.asScala.exists(c => Adjoint.isLate(c.name)))
      val Seq(expected, actual) = for (a <- Seq(recorded.adjoint, recorded.late.adjoint)) yield {
        val back = load(a.program, Map.empty, Generators.everywhere(seed.toInt))
        bars.foreach { case (name, x) => back.write(name, x) }
        for (((state, events), k) <- tape.zipWithIndex.reverse) yield {
          for (v <- a.state.asScala if v.name != "s") back.write(v.name, state(v.name))
          back.restore(events)
          back.run(k, 1)
          Seq("bar.v", "bar.g", "bar.w").map(name => bits(read(back, a.program.variable(name))))
        }
      }
      assert(actual === expected, s"$surrogate $longest, seed $seed")
      assert(expected.last(2).exists(_ != 0))
    }
  }

  /** Whether each product of a late adjoint is told where it is needed. */
  private def masked(surrogate: Surrogate, mode: Mode): Seq[Boolean] = {
    val p = neurons(surrogate)
    val adjoint = Recorded.of(p, Inputs.all(p)).late.adjoint.program
    Schedule.of(Lower.of(adjoint), mode).stages.asScala.toSeq.collect { case m: Stage.Multiply => m.operands.mask >= 0 }
  }

  test("the compiler is told that rows are needless where the surrogate is cut off, and there only") {
    assert(masked(new ReluGrad, Mode.PLAIN) === Seq(true))
    assert(masked(new Arctan, Mode.PLAIN) === Seq(false))
    assert(masked(new ReluGrad, Mode.THREADS) === Seq(false), "a device reads all")
  }

  /** Old state and products of random length, and what is made of them. */
  private def tangle(random: Random): Program = {
    val t = new Trace("tangle")
    def length = Seq(Type.SCALAR, 3)(random.nextInt(2))
    val leaves = Vector.tabulate(3)(k => t.load(t.declare(Variable.of(s"x$k", new Type(DType.F64, length))).name))
    val made = (1 to 5).foldLeft(leaves) { (known, _) =>
      val (a, b) = (known(random.nextInt(known.size)), known(random.nextInt(known.size)))
      val y = if (random.nextBoolean()) a.times(b) else a.exp()
      known :+ (if (random.nextInt(3) == 0 && !y.`type`.isScalar) t.sum(y) else y)
    }
    leaves.indices.foreach(k => made.reverse.find(_.`type` == leaves(k).`type`).foreach(t.store(s"x$k", _)))
    t.finish()
  }

  test("no other values take less memory than those of the cut") {
    for (seed <- 1L to 60) {
      val random = new Random(seed)
      val p = tangle(random)
      val places = p.equations.asScala.indices
      val wanted = places.filter(_ => random.nextInt(3) == 0)
      val moving = p.updates.asScala.map(_.variable).toSet
      def bytes(kept: Iterable[Int]) = kept.toSeq.map(i => 8L * p.at(i).`type`.size).sum
      def follows(place: Int, kept: Set[Int]): Boolean = kept(place) || (p.at(place).op match {
        case Op.LOAD => !moving(p.at(place).name)
        case _ => p.at(place).args.asScala.forall(a => follows(a, kept))
      })
      val cut = Cut.of(p, wanted.map(Integer.valueOf).asJava).asScala.map(_.intValue)
      assert(wanted.forall(follows(_, cut.toSet)))
      val least = places.toSet.subsets().filter(kept => wanted.forall(follows(_, kept))).map(bytes).min
      assert(bytes(cut) === least, s"seed $seed: $cut of $wanted\n$p")
    }
  }
}
