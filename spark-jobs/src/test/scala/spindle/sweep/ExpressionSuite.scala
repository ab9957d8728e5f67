package spindle.sweep

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.prop.TableDrivenPropertyChecks

class ExpressionSuite extends AnyFunSuite with TableDrivenPropertyChecks {

  private val values = new Expression.Values(
    Map[String, Object]("syn.g" -> Double.box(6e-9), "n" -> Double.box(7), "net.kind" -> "stored").asJava
  )

  test("quantities are numbers in SI, and whole numbers divide like real ones") {
    val results = Table(
      ("expression", "value"),
      ("syn.g / 3 nS", 2.0),
      ("1 / 2", 0.5),
      ("n / 2", 3.5),
      ("20 ms + 0.02 s", 0.04),
      ("5kHz", 5000.0),
      ("1.0e-9 * 2", 2e-9),
      ("-n", -7.0),
      ("floor(n / 2) + max(1, 2) + pow(2, 10)", 1029.0),
      ("sqrt(n * n)", 7.0)
    )
    forAll(results)((text, value) => assert(Expression.parse(text).number(values) === value))
  }

  test("conditions compare numbers and words") {
    val results = Table(
      ("expression", "holds"),
      ("syn.g >= 6 nS && syn.g <= 0.006 uS", true),
      ("n > 6 and not (n > 7)", true),
      ("net.kind == 'stored' || n < 0", true),
      ("n lt 7", false)
    )
    forAll(results)((text, holds) => assert(Expression.parse(text).holds(values) === holds))
  }

  test("names are the dotted names used") {
    assert(Expression.parse("syn.g > 2 nS && n * max(n, 3) < 4").names.asScala === Set("syn.g", "n"))
  }

  test("an expression cannot do anything but compute") {
    val forbidden = Table(
      "expression",
      "n = 3",
      "new('java.io.File', '/')",
      "''.getClass()",
      "while (true) {}",
      "n; n",
      "x -> x",
      "[1, 2]",
      "`${n}`",
      "#pragma a b",
      "var x = 3"
    )
    forAll(forbidden)(text => intercept[IllegalArgumentException](Expression.parse(text)))
    val failing = Table("expression", "exit(3)", "n / 0", "net.kind * 2", "sqrt(-1)", "n > 3")
    forAll(failing)(text => intercept[IllegalArgumentException](Expression.parse(text).number(values)))
    intercept[IllegalArgumentException](Expression.parse("n + 1").holds(values))
  }

  test("conditions are split at the top level only") {
    assert(Emptiness.conjuncts("a > 1 && (b > 2 && c > 3) and d < 4").asScala === List("a > 1", "(b > 2 && c > 3)", "d < 4"))
    assert(Emptiness.conjuncts("a > 1 && b > 2 || c > 3").asScala === List("a > 1 && b > 2 || c > 3"))
  }
}
