package spindle.compile

import scala.util.Random

import org.scalatest.funsuite.AnyFunSuite

/** A strip of weights times some members, each sum one fma after the other. */
class StripKernelSuite extends AnyFunSuite {
  for (members <- 1 to StripKernel.MEMBERS)
    test(s"sums of $members members, however many sources there are and how much is read ahead") {
      assume(Jvm.hasVectors)
      val random = new Random(members)
      def floats(n: Int): Array[Float] = Array.fill(n)(random.nextGaussian().toFloat)
      val lanes = StripKernel.VECTORS * Jvm.lanes
      for (ahead <- 1 to lanes / 2; count <- Seq(0, 1, 2, 3, 4, 5, 7, 8, 9, 63)) {
        val kernel = Jvm.strip(new StripKernel.Shape(members, ahead))
        val streams = StripKernel.STREAMS
        val (next, apart) = (3 + count * lanes, count * lanes / streams)
        // What is read ahead ends with the array.
        val behind = next + (streams - 1) * apart + (count + streams - 1) / streams * ahead
        val (x, w, sums) = (floats(2 + count * members), floats(behind), floats(5 + members * lanes))
        val expected = sums.clone()
        for (k <- 0 until count; m <- 0 until members; lane <- 0 until lanes) {
          val at = 5 + m * lanes + lane
          expected(at) = Math.fma(x(2 + k * members + m), w(3 + k * lanes + lane), expected(at))
        }
        kernel.run(x, 2, w, 3, sums, 5, count, next, apart)
        assert(sums.toSeq === expected.toSeq, s"$ahead ahead, $count sources")
      }
    }
}
