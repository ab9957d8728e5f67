package spindle.task

import scala.jdk.CollectionConverters._

import org.scalatest.Assertion
import org.scalatest.funsuite.AnyFunSuite

class ValueSuite extends AnyFunSuite {
  private val g = Parameter.number("syn.g", "6 nS", 0, 100, "conductance")
  private val share = Parameter.number("share", "0.8", 0, 1, "share")
  private val n = Parameter.count("n", 4000, 1, 100000000, "neurons")
  private val law = Parameter.choice("law", java.util.List.of("bernoulli", "fixed"), "law")
  private val open = Parameter.number("open", "5 ms", 1e-9, Double.PositiveInfinity, "time")

  private def refused(p: Parameter, text: String)(message: String): Assertion =
    assert(intercept[IllegalArgumentException](Value.parse(p, text)).getMessage === message)

  test("equal values have one canonical text, other values another") {
    def canonical(p: Parameter, text: String) = Value.parse(p, text).canonical
    assert(canonical(open, "20 ms") === canonical(open, "0.02 s"))
    assert(canonical(open, "20 ms") !== canonical(open, "20.000001 ms"))
    assert(canonical(g, "6 nS") === "6E-9")
    assert(Seq("4000", "4e3", "4000.0", " 4000 ").map(canonical(n, _)).distinct === Seq("4000"))
    assert(canonical(law, "fixed") === "fixed")
    assert(canonical(share, "0") === canonical(share, "-0"))
  }

  test("a value prints as it was written") {
    assert(Value.parse(open, "20 ms").toString === "20 ms")
    assert(Value.parse(open, "0.02 s").toString === "0.02 s")
    assert(Value.parse(n, "4e3").toString === "4000")
    assert(Value.parse(law, "fixed").toString === "fixed")
  }

  test("a wrong dimension says what is expected, what is there, and an example") {
    refused(g, "6 mV")("expected conductance, got voltage (\"6 mV\"); example: \"6 nS\"")
    refused(share, "0.8 s")("expected a plain number, got time (\"0.8 s\"); example: \"0.8\"")
  }

  test("a missing unit asks the likely question") {
    refused(g, "6")("number without unit; did you mean \"6 nS\"?")
  }

  test("what is no number says what would be") {
    refused(g, "six")("expected conductance such as \"6 nS\", got \"six\"")
    refused(g, "6 nX")("expected conductance such as \"6 nS\", got \"6 nX\"")
    refused(share, "most")("expected a number, got \"most\"")
  }

  test("ranges hold at their ends, in the unit of the default") {
    Seq("0 nS", "100 nS", "0.1 uS").foreach(Value.parse(g, _))
    refused(g, "101 nS")("must be in [0 nS, 100 nS], got 101 nS")
    refused(g, "-1 pS")("must be in [0 nS, 100 nS], got -1 pS")
    refused(open, "1e-12 ms")("must be at least 0.000000001 ms, got 1e-12 ms")
    refused(open, "0 ms")("must be in (0 ms, inf), got 0 ms")
  }

  test("a count is whole and in range") {
    refused(n, "2.5")("expected a whole number, got \"2.5\"")
    refused(n, "many")("expected a whole number, got \"many\"")
    refused(n, "NaN")("expected a whole number, got \"NaN\"")
    refused(n, "0")("must be in [1, 100000000], got 0")
    refused(n, "1e9")("must be in [1, 100000000], got 1e9")
    refused(n, "4000d")("expected a whole number, got \"4000d\"")
    refused(n, "0x10p0")("expected a whole number, got \"0x10p0\"")
  }

  test("a choice is one of its words") {
    refused(law, "Fixed")("expected one of [bernoulli, fixed], got \"Fixed\"")
  }

  test("a parameter has choices exactly if it is a choice") {
    val none = java.util.List.of[String]()
    assert(intercept[IllegalArgumentException](
      new Parameter("p", Parameter.Kind.CHOICE, Unit.ONE, "", none, 0, 0, "", "", Parameter.Use.ALWAYS)).getMessage.contains("p: exactly a CHOICE"))
  }

  test("settings give typed values by name, and name what they do not have") {
    val settings = Settings.defaults(java.util.List.of(g, n, law, open))
    assert(settings.number("syn.g", Unit.PICOSIEMENS) === 6000)
    assert(settings.count("n") === 4000)
    assert(settings.word("law") === "bernoulli")
    val changed = settings.`with`(Map("n" -> Value.parse(n, "7")).asJava)
    assert(changed.count("n") === 7 && settings.count("n") === 4000)
    assert(changed.values.keySet.asScala.toSeq === Seq("law", "n", "open", "syn.g"))
    def message(get: => Any) = intercept[IllegalArgumentException](get).getMessage
    assert(message(settings.count("m")) === "no parameter \"m\"; known: [law, n, open, syn.g]")
    assert(message(settings.count("law")) === "parameter \"law\" is no count")
    assert(message(settings.number("n")) === "parameter \"n\" is no number")
    assert(message(settings.number("syn.g", Unit.MILLIVOLT)) === "expected voltage, got conductance")
    assert(intercept[UnsupportedOperationException](settings.values.put("n", Value.parse(n, "7"))) != null)
  }
}
