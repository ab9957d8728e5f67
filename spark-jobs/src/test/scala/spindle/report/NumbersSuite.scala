package spindle.report

import org.scalatest.funsuite.AnyFunSuite

class NumbersSuite extends AnyFunSuite {
  test("values keep four digits and lose trailing zeros") {
    val shown = Seq(0.0, 1.0, -2.5, 123456.0, 0.1 + 0.2, 1234.56, 1e-7, 2.5e9).map(Numbers.value)
    assert(shown === Seq("0", "1", "−2.5", "123,500", "0.3", "1235", "1e−7", "2.5e9"))
    assert(Numbers.value(Double.NaN) === "–")
  }

  test("durations take the unit that suits them") {
    val shown = Seq(0.0123, 1.5, 90, 600, 9000).map(Numbers.seconds)
    assert(shown === Seq("12.3 ms", "1.5 s", "90 s", "10 min", "2 h 30 min"))
  }

  test("an axis is logarithmic if its median lies near the geometric middle") {
    assert(Axes.logarithmic(1, 10, 100))
    assert(Axes.logarithmic(1, 7, 50))
    assert(!Axes.logarithmic(1, 50, 100))
    assert(!Axes.logarithmic(0, 1, 100))
    assert(!Axes.logarithmic(1, 2, 4))
  }

  test("the sweep file names the order of the metrics and the objective, if it can be read") {
    val objective = Objective.of("metrics: [b, a]\nsearch: {objective: {metric: loss, mode: min}}\n")
    assert(Seq("x", "a", "mean_rate", "loss", "b").sortBy(m => objective.rank(m)) ===
      Seq("loss", "b", "a", "mean_rate", "x"))
    assert(objective.smallest)
    for (broken <- Seq("", "a: [", "- 1", "\u0000")) assert(Objective.of(broken).metrics.isEmpty)
  }
}
