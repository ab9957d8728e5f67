package spindle.report

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

class SpacingSuite extends AnyFunSuite {
  private def spacing(values: Double*) = Spacing.of(values.map(Double.box).asJava)

  test("equal steps are linear, equal ratios logarithmic, anything else is a list") {
    for (n <- Seq(3, 7, 64)) {
      assert(spacing(Seq.tabulate(n)(i => -3 + 15.0 * i / (n - 1)): _*) === Spacing.LINEAR)
      assert(spacing(SyntheticSweep.geometric(2, 12, n): _*) === Spacing.LOGARITHMIC)
      assert(spacing(SyntheticSweep.geometric(2, 12, n).map(_ + 5): _*) === Spacing.LISTED)
    }
    assert(spacing(0, 5, 30) === Spacing.LISTED)
  }

  test("whole numbers may be rounded") {
    assert(spacing(10, 22, 46, 100) === Spacing.LOGARITHMIC)
    assert(spacing(1, 3, 6, 8) === Spacing.LINEAR)
  }

  test("fewer than three values show no spacing") {
    assert(Seq(spacing(), spacing(1), spacing(1, 2)).forall(_ === Spacing.LISTED))
  }
}
