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

  test("the sweep file names the order of the metrics, else the model does") {
    val yaml = "sweep: s\nmodel: coba-lif\n"
    def order(text: String) = {
      val declared = Declared.of(text, java.util.List.of())
      Seq("x", "realtime_factor", "cv_isi", "mean_rate_I", "mean_rate").sortBy(m => declared.rank(m))
    }
    assert(order(yaml) === Seq("mean_rate", "mean_rate_I", "cv_isi", "realtime_factor", "x"))
    assert(order(yaml + "metrics: [cv_isi, mean_rate_I]") === Seq("cv_isi", "mean_rate_I", "mean_rate", "x", "realtime_factor"))
    for (broken <- Seq("", "a: [", "- 1", "\u0000")) assert(order(broken).head === "mean_rate")
  }

  test("labels of axes are short") {
    assert(Seq(1e5, 20000.0, 1e6, 0.5).map(Numbers.tick) === Seq("1e5", "20,000", "1e6", "0.5"))
  }
}
