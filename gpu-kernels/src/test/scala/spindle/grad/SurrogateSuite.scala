package spindle.grad

import scala.jdk.CollectionConverters._
import scala.math._

import org.scalatest.funsuite.AnyFunSuite
import spindle.grad.surrogate._
import spindle.ir._

/** Every surrogate: the value of a spike, and the derivative that the formula says. */
class SurrogateSuite extends AnyFunSuite {
  import Derivatives._

  private def normal(x: Double, mean: Double, d: Double) =
    exp(-0.5 * pow((x - mean) / d, 2)) / (d * sqrt(2 * Pi))

  private def logistic(x: Double) = 1 / (1 + exp(-x))

  /** The formulas again, in plain arithmetic. */
  private def formula(s: Surrogate, x: Double): Double = s match {
    case s: Sigmoid => s.alpha * logistic(s.alpha * x) * (1 - logistic(s.alpha * x))
    case s: PiecewiseQuadratic => if (x.abs <= 1 / s.alpha) s.alpha - s.alpha * s.alpha * x.abs else 0
    case s: PiecewiseExp => s.alpha / 2 * exp(-s.alpha * x.abs)
    case s: SoftSign => s.alpha / (2 * pow(1 + (s.alpha * x).abs, 2))
    case s: Arctan => s.alpha / (2 * (1 + pow(Pi * s.alpha * x / 2, 2)))
    case s: NonzeroSignLog => 1 / (1 / s.alpha + x.abs)
    case s: Erf => s.alpha / sqrt(Pi) * exp(-pow(s.alpha * x, 2))
    case s: PiecewiseLeakyRelu => if (x.abs <= s.w) 1 / (2 * s.w) else s.c
    case s: SquarewaveFourierSeries => 4 / s.t * (1 to s.n).map(i => cos((2 * i - 1) * 2 * Pi * x / s.t)).sum
    case s: S2nn => if (x < 0) s.alpha * logistic(s.alpha * x) * (1 - logistic(s.alpha * x)) else s.beta / (x + 1)
    case s: QPseudoSpike => pow(1 + 2 * x.abs / (s.alpha + 1), -s.alpha)
    case s: LeakyRelu => if (x < 0) s.alpha else s.beta
    case s: LogTailedRelu => if (x > 1) 1 / x else if (x > 0) 1 else s.alpha
    case s: ReluGrad => max(0, s.alpha * s.width - s.alpha * x.abs)
    case s: GaussianGrad => s.alpha * normal(x, 0, s.sigma)
    case s: MultiGaussianGrad =>
      s.scale * ((1 + s.h) * normal(x, 0, s.sigma) - s.h * normal(x, s.sigma, s.s * s.sigma) -
        s.h * normal(x, -s.sigma, s.s * s.sigma))
    case s: InvSquareGrad => pow(s.alpha * x.abs + 1, -2)
    case s: SlayerGrad => exp(-s.alpha * x.abs)
    case s: Custom => fail(s"$s has no formula of its own")
  }

  private val others = Seq(new Sigmoid(1), new PiecewiseQuadratic(2.5), new PiecewiseExp(3), new SoftSign(2),
    new Arctan(2), new NonzeroSignLog(3), new Erf(2), new PiecewiseLeakyRelu(-0.1, 0.3),
    new SquarewaveFourierSeries(5, 3), new S2nn(2, 0.5), new QPseudoSpike(3.5), new LeakyRelu(-0.2, 2),
    new LogTailedRelu(0.1), new ReluGrad(1, 0.5), new GaussianGrad(1, 2), new MultiGaussianGrad(0.3, 4, 1, 1),
    new InvSquareGrad(10), new SlayerGrad(5))

  /** Thresholds, kinks and their neighbours, and everything between. */
  private val points: Array[Double] =
    ((-3000 to 3000 by 7).map(_ / 1000.0) ++ Seq(0.0, -0.0, 1, -1, 0.3, -0.3, 0.5, -0.5, 50, -50, 400, -400)).toArray

  private def spikes: (Surrogate => Program) = s => {
    val t = new Trace("spike")
    Seq("x", "z").foreach(v => t.declare(Variable.of(v, Type.vector(DType.F64, points.length))))
    t.store("z", s.spike(t.load("x")))
    t.finish()
  }

  test("the derivative of a spike is the formula, at the defaults and elsewhere") {
    for (s <- Surrogate.all.asScala ++ others) {
      val adjoint = Adjoint.of(spikes(s)).program
      val out = step(load(adjoint, Map.empty, Generators.everywhere), adjoint, Map("x" -> points, "bar.z" -> points.map(_ => 2.0)))("bar.x")
      for (i <- points.indices) {
        val expected = 2 * formula(s, points(i))
        assert((out(i) - expected).abs <= 1e-13 + 1e-12 * expected.abs, s"$s at ${points(i)}")
      }
    }
  }

  test("where a surrogate is cut off it is 0, whatever cotangent comes") {
    val adjoint = Adjoint.of(spikes(new ReluGrad(2, 0.5))).program
    for (c <- Seq(-3, Double.NaN, Double.PositiveInfinity)) {
      val out = step(load(adjoint, Map.empty, Generators.everywhere), adjoint, Map("x" -> points, "bar.z" -> points.map(_ => c)))("bar.x")
      for (i <- points.indices)
        assert((1 / out(i) == Double.PositiveInfinity) === points(i).abs >= 0.5, s"$c at ${points(i)}")
    }
  }

  test("the tangent of a spike is the formula too") {
    for (s <- Surrogate.all.asScala) {
      val forward = Forward.of(spikes(s), Inputs.all(spikes(s))).program
      val out = step(load(forward, Map.empty, Generators.everywhere), forward, Map("x" -> points, "dot.x" -> points.map(_ => 1.0)))("dot.z")
      for (i <- points.indices) assert((out(i) - formula(s, points(i))).abs <= 1e-12, s"$s at ${points(i)}")
    }
  }

  test("a spike is 1 from threshold on, whatever the surrogate, and lowers to one operation") {
    for (s <- Surrogate.all.asScala) {
      val p = spikes(s)
      val z = step(load(p, Map.empty, Generators.everywhere), p, Map("x" -> points))("z")
      assert(z.toSeq === points.toSeq.map(x => if (x >= 0) 1.0 else 0.0))
      assert(Lower.of(p).equations.asScala.map(_.op) === Seq(Op.LOAD, Op.HEAVISIDE))
    }
  }

  test("every surrogate is listed once, with a formula that names its parameters and no others") {
    val all = Surrogate.all.asScala
    assert(all.map(_.getClass).toSet + classOf[Custom] === classOf[Surrogate].getPermittedSubclasses.toSet[Class[_]])
    assert(all.map(_.getClass).distinct.size === all.size)
    assert(others.map(_.getClass).toSet === all.map(_.getClass).toSet)
    for (s <- all) {
      val names = s.getClass.getRecordComponents.map(_.getName).toSet
      val words = "[a-z]+[0-9]*".r.findAllIn(s.formula).toSet -- Set("x", "max", "pi", "e", "sqrt", "if", "else", "terms", "cos")
      // s is also the logistic function.
      assert(names.subsetOf(words) && (words -- names).subsetOf(Set("s")), s.formula)
    }
  }

  test("the published defaults") {
    assert(Surrogate.all.asScala.map(_.toString) === Seq("Sigmoid[alpha=4.0]", "PiecewiseQuadratic[alpha=1.0]",
      "PiecewiseExp[alpha=1.0]", "SoftSign[alpha=1.0]", "Arctan[alpha=1.0]", "NonzeroSignLog[alpha=1.0]",
      "Erf[alpha=1.0]", "PiecewiseLeakyRelu[c=0.01, w=1.0]", "SquarewaveFourierSeries[n=2, t=8.0]",
      "S2nn[alpha=4.0, beta=1.0]", "QPseudoSpike[alpha=2.0]", "LeakyRelu[alpha=0.1, beta=1.0]",
      "LogTailedRelu[alpha=0.0]", "ReluGrad[alpha=0.3, width=1.0]", "GaussianGrad[sigma=0.5, alpha=0.5]",
      "MultiGaussianGrad[h=0.15, s=6.0, sigma=0.5, scale=0.5]", "InvSquareGrad[alpha=100.0]", "SlayerGrad[alpha=1.0]"))
  }

  /** Formulas as a file may have them, and the surrogates that they should equal. */
  private val texts = Seq[(String, Map[String, Double], Surrogate)](
    ("alpha / 2 * exp(-alpha * abs(x))", Map("alpha" -> 3.0), new PiecewiseExp(3)),
    ("alpha / (2 * (1 + pow(abs(pi * alpha * x / 2), 2)))", Map("alpha" -> 2.0), new Arctan(2)),
    ("max(0, alpha * width - alpha * abs(x))", Map("alpha" -> 1.0, "width" -> 0.5), new ReluGrad(1, 0.5)),
    ("step(w - abs(x)) / (2*w) + (1 - step(w - abs(x))) * c", Map("w" -> 0.3, "c" -> -0.1), new PiecewiseLeakyRelu(-0.1, 0.3)),
    ("1 / (100*abs(x) + 1) / (100*abs(x) + 1)", Map.empty, new InvSquareGrad()))

  private def boxed(parameters: Map[String, Double]) = parameters.map { case (k, v) => k -> Double.box(v) }.asJava

  test("the derivative of a spike may be a formula in text") {
    for ((text, parameters, equal) <- texts) {
      val adjoint = Adjoint.of(spikes(Surrogates.of(text, boxed(parameters)))).program
      val out = step(load(adjoint, Map.empty, Generators.everywhere), adjoint, Map("x" -> points, "bar.z" -> points.map(_ => 1.0)))("bar.x")
      for (i <- points.indices) {
        val expected = formula(equal, points(i))
        assert((out(i) - expected).abs <= 1e-13 + 1e-12 * expected.abs, s"$text at ${points(i)}")
      }
    }
    assert(Surrogates.of("2 * 3", boxed(Map.empty)).derivative(new Trace("t").index(3).as(DType.F64)).`type`.length === 3)
  }

  test("a surrogate has a name, and parameters that a file can set") {
    assert(Surrogates.names.asScala.take(3) === Seq("sigmoid", "piecewise-quadratic", "piecewise-exp"))
    for (s <- Surrogate.all.asScala) assert(Surrogates.of(Surrogates.name(s), boxed(Map.empty)) === s)
    assert(Surrogates.of("relu-grad", boxed(Map("width" -> 2.0))) === new ReluGrad(0.3, 2))
    assert(Surrogates.of("squarewave-fourier-series", boxed(Map("n" -> 4.0))) === new SquarewaveFourierSeries(4, 8))
  }

  test("a text names a surrogate, sets its parameters or is a formula") {
    for (s <- Surrogate.all.asScala ++ others) {
      val record = s.asInstanceOf[Record]
      val set = record.getClass.getRecordComponents.map(c => s"${c.getName} = ${c.getAccessor.invoke(record)}").mkString(", ")
      assert(Surrogates.of(s"${Surrogates.name(s)}($set)") === s)
    }
    for (s <- Surrogate.all.asScala) assert(Surrogates.of(Surrogates.name(s)) === s)
    assert(Surrogates.of(" relu-grad(width=2) ") === new ReluGrad(0.3, 2))
    for (text <- Seq("exp(-x * x)", "max(0, 1 - abs(x))"))
      assert(Surrogates.of(text) === new Custom(text, boxed(Map.empty)))
  }

  test("what names no surrogate is refused, with what there is") {
    for ((text, parameters, message) <- Seq(
        ("relu-gard", Map.empty[String, Double], "no surrogate \"relu-gard\"; known: sigmoid, piecewise-quadratic,"),
        ("sigmoid", Map("beta" -> 1.0), "sigmoid has no parameter \"beta\"; known: [alpha]"),
        ("sigmoid", Map("alpha" -> -1.0), "sigmoid: alpha must be positive and finite, got -1.0"),
        ("squarewave-fourier-series", Map("n" -> 1.5), "a whole number is needed, got 1.5"),
        ("alpha * beta", Map("alpha" -> 1.0), "\"alpha * beta\": no value of \"beta\"; known: [alpha, pi, x]"),
        ("alpha * x", Map("alpha" -> Double.NaN), "alpha must be finite, got NaN"),
        ("exp(x", Map.empty[String, Double], "cannot read \"exp(x\" at 6: it ends too early"))) {
      val e = intercept[IllegalArgumentException](Surrogates.of(text, boxed(parameters)))
      assert(e.getMessage.startsWith(message))
    }
    for ((text, message) <- Seq(
        ("sigmoyd(alpha=2)", "no surrogate \"sigmoyd\"; known: sigmoid,"),
        ("sigmoid(beta=1)", "sigmoid has no parameter \"beta\"; known: [alpha]"),
        ("sigmoid(alpha=2, alpha=3)", "alpha is set twice in \"alpha=2, alpha=3\""),
        ("sigmoid(alpha=two)", "expected NAME = NUMBER, got \"alpha=two\" in \"alpha=two\""),
        ("sigmoid(alpha=2,)", "expected NAME = NUMBER, got \"\" in"),
        ("sigmoid(2)", "cannot read \"sigmoid(2)\""),
        ("alpha * x", "\"alpha * x\": no value of \"alpha\"; known: [pi, x]"),
        ("", "cannot read \"\" at 1"))) {
      val e = intercept[IllegalArgumentException](Surrogates.of(text))
      assert(e.getMessage.startsWith(message))
    }
  }

  test("a parameter that makes no surrogate is refused, with value and rule") {
    for ((message, make) <- Seq[(String, () => Surrogate)](
        ("alpha must be positive and finite, got 0.0", () => new Sigmoid(0)),
        ("alpha must be positive and finite, got -1.0", () => new InvSquareGrad(-1)),
        ("alpha must be positive and finite, got NaN", () => new Arctan(Double.NaN)),
        ("w must be positive and finite, got Infinity", () => new PiecewiseLeakyRelu(0, Double.PositiveInfinity)),
        ("c must be finite, got NaN", () => new PiecewiseLeakyRelu(Double.NaN, 1)),
        ("n must be >= 1, got 0", () => new SquarewaveFourierSeries(0, 8)),
        ("sigma must be positive and finite, got 0.0", () => new GaussianGrad(0, 1)))) {
      assert(intercept[IllegalArgumentException](make()).getMessage === message)
    }
  }
}
