package spindle.train.readout

import org.scalatest.funsuite.AnyFunSuite

class ExactReadoutSuite extends AnyFunSuite {
  private def features(samples: Int, units: Int): Features =
    Features.bySample(Array.tabulate(samples * units)(k => (k * 2654435761L >>> 7 & 0xffff) / 65536.0 - 0.5), samples, units)

  private def bits(r: Readout): Int =
    java.util.Arrays.hashCode(r.weights) * 31 + java.util.Arrays.hashCode(r.bias)

  test("the bits of every readout are these, on any machine and Java") {
    val (x, y) = (features(300, 150), Features.oneHot(Array.tabulate(300)(i => (i % 3).toByte), 3))
    val rls = new Rls(150, 3, 0.1)
    rls.learn(x, y)
    val fits = Seq(new Ridge(0.1, true).fit(x, y), new Ridge(0.1, false).fit(x.slice(0, 100), y.slice(0, 100)), rls.readout)
    assert(fits.map(bits) === Seq(619099533, -155491794, -787462903))
  }
}
