package spindle.train

import scala.io.Source
import scala.jdk.CollectionConverters._

import spindle.backend.Backend
import spindle.grad.Derivatives
import spindle.ir._

/** What PyTorch and others computed for the same inputs: src/test/python/figures.py. */
object Figures {
  private val lines: Map[String, String] = {
    val source = Source.fromResource("spindle/train/figures.csv")
    try source.getLines().map(l => l.takeWhile(_ != ',') -> l.dropWhile(_ != ',').drop(1)).toMap
    finally source.close()
  }

  def apply(name: String): Array[Double] = lines(name).split(',').map(_.toDouble)

  def one(name: String): Double = apply(name).head

  /** Where numbers first differ by more than a share of the largest of them, or nothing. */
  def difference(is: Array[Double], expected: Array[Double], relative: Double): Option[String] = {
    val tolerance = relative * expected.map(_.abs).maxOption.getOrElse(0.0)
    if (is.length != expected.length) Some(s"${is.length} numbers for ${expected.length}")
    else is.indices.find(i => !((is(i) - expected(i)).abs <= tolerance)).map(i => s"[$i]: ${is(i)}, should be ${expected(i)}")
  }
}

/**
 * A program of some inputs and outputs.
 *
 * @param dtype of inputs that are not in `integers`
 */
final class Sketch(inputs: Map[String, Array[Double]], dtype: DType, integers: Set[String] = Set.empty)(
    outputs: Trace => Map[String, Expr]) {

  val program: Program = {
    val t = new Trace("sketch")
    for ((name, x) <- inputs.toSeq.sortBy(_._1)) {
      t.declare(Variable.of(name, Type.vector(if (integers(name)) DType.I32 else dtype, x.length)))
    }
    for ((name, y) <- outputs(t).toSeq.sortBy(_._1)) {
      t.declare(Variable.of(name, y.`type`))
      t.store(name, y)
    }
    t.finish()
  }

  /** All variables after each of some steps. */
  def run(steps: Int = 1, parameters: Map[String, Double] = Map.empty, backend: Backend = Generators.everywhere)
      : IndexedSeq[Map[String, Array[Double]]] = {
    val e = Case(program, parameters, inputs).load(backend)
    (0 until steps).map { k =>
      e.run(k, 1)
      program.variables.asScala.map(v => v.name -> Derivatives.read(e, v)).toMap
    }
  }

  /** Where a compiled backend leaves the reference. */
  def differences(p: Program, more: Map[String, Array[Double]], parameters: Map[String, Double] = Map.empty): Seq[String] = {
    val known = p.variables.asScala.map(_.name).toSet
    Generators.others.flatMap(Case(p, parameters, (inputs ++ more).filter(v => known(v._1))).difference(_, 2))
  }
}
