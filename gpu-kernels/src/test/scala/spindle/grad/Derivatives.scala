package spindle.grad

import scala.jdk.CollectionConverters._
import scala.util.Random

import spindle.backend.{Backend, Executable, Lockstep}
import spindle.ir._

/** Values of variables and parameters by name. */
final case class Point(state: Map[String, Array[Double]], parameters: Map[String, Double]) {

  /** This point moved by h along directions of some of its variables and parameters. */
  def moved(h: Double, along: Point): Point = Point(
    state.map { case (k, x) => k -> along.state.get(k).fold(x)(d => x.indices.map(i => x(i) + h * d(i)).toArray) },
    parameters.map { case (k, x) => k -> (x + h * along.parameters.getOrElse(k, 0.0)) })
}

/**
 * A program that is differentiated by some inputs at a point, and one of the same derivative that
 * is smooth: they differ where a derivative is a convention.
 *
 * @param h how far to go for a difference
 * @param stopped variables whose new values carry no gradient
 */
final case class Twins(p: Program, smooth: Program, at: Point, by: Inputs, h: Double = Derivatives.h, stopped: Set[String] = Set.empty)

/** What the suites about derivatives compute with programs: steps, products, finite differences. */
object Derivatives {
  type Values = Map[String, Array[Double]]

  /** 2^-17: moved by it, the numbers of [[grid]] stay exact even in f32. */
  val h: Double = 1.0 / (1 << 17)

  def floats(p: Program): Vector[Variable] = p.variables.asScala.filter(_.`type`.dtype.isFloat).toVector

  def dot(a: Array[Double], b: Array[Double]): Double = a.indices.map(i => a(i) * b(i)).sum

  def size(a: Array[Double], b: Array[Double]): Double = a.indices.map(i => (a(i) * b(i)).abs).sum

  def load(p: Program, parameters: Map[String, Double], backend: Backend = Generators.backends.head): Executable =
    Case(p, parameters, Map.empty).load(backend)

  /** All elements; of events one mask per step of their history, oldest first. */
  def read(e: Executable, v: Variable): Array[Double] = Lockstep.read(e, v)

  /** All float variables after one step from some values. */
  def step(e: Executable, p: Program, from: Values, number: Int = 0): Values = {
    val known = p.variables.asScala.map(_.name).toSet
    from.foreach { case (name, x) => if (known(name)) e.write(name, x) }
    e.run(number, 1)
    floats(p).map(v => v.name -> read(e, v)).toMap
  }

  /** Random numbers of few bits, away from each other, from 0, from integers and powers of 2. */
  def grid(random: Random, n: Int, offset: Int = 0): Array[Double] =
    Array.fill(n)((2 * random.nextInt(24) + 13) / 32.0 + offset / 256.0)

  /** Random directions of 3 bits, none of them 0. */
  def directions(random: Random, n: Int): Array[Double] =
    Array.fill(n)((random.nextInt(8) - 3.5) / 4)

  /**
   * Where the adjoint differs from central differences: one line per input that is wrong.
   *
   * @param relative tolerance over the sum of absolute terms
   */
  def wrong(t: Twins, random: Random, relative: Double): Seq[String] = {
    val adjoint = Adjoint.of(t.p, t.by)
    val drawn = floats(t.p).map(v => v.name -> directions(random, v.`type`.size)).toMap
    val c = drawn.map { case (name, x) => name -> (if (t.stopped(name)) x.map(_ => 0.0) else x) }
    val bars = c.map { case (name, x) => Adjoint.bar(name) -> x }
    val result = step(load(adjoint.program, t.at.parameters, Generators.everywhere), adjoint.program, t.at.state ++ bars)
    val plain = load(t.smooth, t.at.parameters)
    val byState = floats(t.p).filter(v => t.by.variables.contains(v.name)).map { v =>
      val d = directions(random, v.`type`.size)
      val along = Point(Map(v.name -> d), Map.empty)
      val gradient = result(Adjoint.bar(v.name))
      val Seq(down, up) = Seq(-t.h, t.h).map(k => step(plain, t.smooth, t.at.moved(k, along).state))
      difference(v.name, dot(gradient, d), size(gradient, d), change(c, down, up, 2 * t.h), relative)
    }
    val byParameter = t.by.parameters.asScala.toVector.sorted.map { q =>
      val gradient = result(Adjoint.gradient(q))(0)
      val Seq(down, up) = Seq(-t.h, t.h).map { k =>
        val there = t.at.moved(k, Point(Map.empty, Map(q -> 1.0)))
        step(load(t.smooth, there.parameters), t.smooth, there.state)
      }
      difference(q, gradient, gradient.abs, change(c, down, up, 2 * t.h), relative)
    }
    (byState ++ byParameter).flatten
  }

  private def random(variables: Iterable[Variable], random: Random): Values =
    variables.map(v => v.name -> Array.fill(v.`type`.size)(random.nextGaussian())).toMap

  /** The tangent that goes with a cotangent, by name. */
  private def dotOf(bar: String): String = Forward.PREFIX + bar.drop(Adjoint.PREFIX.length)

  /**
   * Whether <c, J d> and <J' c, d> differ after a few steps by more than a tolerance over the sums
   * of their absolute terms, and what they are. Parameters of weights are f32 in any program.
   */
  def untransposed(c: Case, seed: Long, tolerance: Double, warm: Int = 4): Option[String] = {
    val draws = new Random(seed)
    val forward = Forward.of(c.program, Inputs.all(c.program))
    val adjoint = Adjoint.of(c.program)
    val backend = Generators.everywhere(seed.toInt)
    val run = c.copy(program = forward.program).load(backend)
    run.run(0, warm)
    val state = c.program.variables.asScala.map(v => v.name -> read(run, v)).toMap
    val directions = random(forward.tangents.asScala ++ forward.directions.asScala, draws)
    val tangents = step(run, forward.program, directions, warm)
    val cotangents = random(adjoint.cotangents.asScala, draws)
    val zero = adjoint.gradients.asScala.map(g => g.name -> Array(0.0)).toMap
    val back = step(load(adjoint.program, c.arguments, backend), adjoint.program, state ++ cotangents ++ zero, warm)
    val here = cotangents.toSeq.map { case (name, w) => (w, tangents(dotOf(name))) }
    def product(v: Variable) = (back(v.name), directions(dotOf(v.name)))
    val there = (adjoint.cotangents.asScala ++ adjoint.gradients.asScala).map(product).toSeq
    def total(of: Seq[(Array[Double], Array[Double])]) = of.map { case (a, b) => dot(a, b) }.sum
    def terms(of: Seq[(Array[Double], Array[Double])]) = of.map { case (a, b) => size(a, b) }.sum
    val narrow = adjoint.gradients.asScala.filter(_.`type`.dtype == DType.F32).map(product).toSeq
    val bound = tolerance * (terms(here) + terms(there)) + 1e-6 * terms(narrow)
    val equal = (total(here) - total(there)).abs <= bound
    Option.when(!(equal && terms(here) > 0 && terms(there) > 0))(s"<c, J d> ${total(here)}, <J' c, d> ${total(there)} +- $bound")
  }

  /** The weighted change of all variables, and the sum of its absolute terms. */
  def change(c: Values, down: Values, up: Values, by: Double): (Double, Double) = {
    val terms = for ((name, w) <- c.toSeq; i <- w.indices) yield w(i) * (up(name)(i) - down(name)(i)) / by
    (terms.sum, terms.map(_.abs).sum)
  }

  private def difference(
      name: String, is: Double, terms: Double, expected: (Double, Double), relative: Double): Option[String] = {
    val tolerance = relative * (terms + expected._2) + 1e-9
    Option.when(!((is - expected._1).abs <= tolerance))(s"$name: $is, by differences ${expected._1} +- $tolerance")
  }
}
