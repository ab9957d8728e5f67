package spindle.ir

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

/** Arithmetic as text. */
class FormulaSuite extends AnyFunSuite {
  private val x = Array(-2.5, -1, 0, 0.5, 3)

  private def values(text: String): Seq[Double] =
    Generators.map(DType.F64, x)(e => e.times(0).plus(Formula.parse(text).on(e, Map("x" -> e, "a.b" -> e.like(7)).asJava))).toSeq

  test("a formula is the arithmetic that it looks like") {
    for ((text, f) <- Seq[(String, Double => Double)](
        ("x", x => x), ("1 + 2 * 3", _ => 7), ("(1 + 2) * 3", _ => 9), ("8 / 4 / 2", _ => 1), ("8 - 4 - 2", _ => 2),
        ("-x * -2", x => 2 * x), ("2 - -x", x => 2 + x), ("--x", x => x), ("1.5e-1*2E+1 + .5", _ => 3.5), ("1e3", _ => 1000),
        ("a.b * x", x => 7 * x), ("max(min(x, 1), -1)", x => x.max(-1).min(1)), ("abs(x)", _.abs), ("floor(x)", _.floor),
        ("step(x)", x => if (x >= 0) 1 else 0), ("sqrt(4)", _ => 2), (" ( x ) ", x => x), ("2*x+1", x => 2 * x + 1))) {
      assert(values(text) === x.toSeq.map(f), text)
    }
    for ((text, f) <- Seq[(String, Double => Double)](
        ("exp(x)", math.exp), ("expm1(x)", math.expm1), ("log(x * x + 1)", x => math.log(x * x + 1)), ("tanh(x)", math.tanh),
        ("sin(x)", math.sin), ("cos(x)", math.cos), ("pow(x * x + 1, 1.5)", x => math.pow(x * x + 1, 1.5)))) {
      values(text).zip(x).foreach { case (y, v) => assert((y - f(v)).abs < 1e-14 * (1 + f(v).abs), text) }
    }
  }

  test("the names of a formula are those that need a value") {
    assert(Formula.parse("a.b * exp(x) + _c1 + min(d, 2e5)").names.asScala === Set("a.b", "x", "_c1", "d"))
    assert(Formula.parse("a + 1").text === "a + 1")
  }

  test("what is no formula is refused, with the place and the reason") {
    for ((text, reason) <- Seq("" -> "1: it ends too early", "1 +" -> "4: it ends too early", "(1" -> "3: it ends too early",
        "1)" -> "2: unexpected \")\"", "2 x" -> "3: unexpected \"x\"", "x ^ 2" -> "3: \"^\" is no power; write pow(a, b)",
        "1.2.3" -> "1: \"1.2.3\" is no number", "1 + 2e" -> "5: \"2e\" is no number", "." -> "1: \".\" is no number",
        "+1" -> "1: unexpected \"+\"", "x > 0" -> "3: unexpected \">\"", "max(1)" -> "1: max takes 2, got 1",
        "exp()" -> "5: unexpected \")\"", "exp(1, 2)" -> "1: exp takes 1, got 2", "pow(2)" -> "1: pow takes 2, got 1",
        "x = 1" -> "3: unexpected \"=\"", "''" -> "1: unexpected \"'\"")) {
      assert(intercept[IllegalArgumentException](Formula.parse(text)).getMessage === s"""cannot read "$text" at $reason""")
    }
    assert(intercept[IllegalArgumentException](Formula.parse("1 + gauss(2)")).getMessage.startsWith(
      "cannot read \"1 + gauss(2)\" at 5: no function \"gauss\"; known: [abs, cos, "))
  }
}
