package spindle.backend.cpu

import scala.util.Random

import org.scalatest.funsuite.AnyFunSuite
import spindle.compile.{Jvm, Mode}
import spindle.connect.AllToAll
import spindle.ir.{Direction, Rows}

/** Products with full matrices are sums in order, whatever is packed, tiled or transposed on the way. */
class DenseSuite extends AnyFunSuite {
  private val mode = if (Jvm.hasVectors) Mode.VECTOR else Mode.PLAIN

  /** target += W' x or W x, neurons of the other side ascending, each product added in one rounding. */
  private def defined(post: Int, w: Array[Float], sum: Matrix.Sum): Array[Float] = {
    val (x, target) = (sum.x.asInstanceOf[Array[Float]], sum.target.asInstanceOf[Array[Float]].clone())
    val batch = sum.batch
    for (i <- 0 until target.length / batch) {
      var k = 0
      while (k < x.length / batch) {
        val weight = if (sum.direction == Direction.ALONG) w(k * post + i) else w(i * post + k)
        var b = 0
        while (b < batch) {
          target(i * batch + b) = Math.fma(x(k * batch + b), weight, target(i * batch + b))
          b += 1
        }
        k += 1
      }
    }
    target
  }

  for {
    (pre, post) <- Seq((1, 1), (17, 9), (35, 1100), (2100, 37), (40, 512))
    direction <- Direction.values
  } {
    test(s"a product of $pre x $post weights is the sum in order, $direction, one member or many, one thread or three") {
      val random = new Random(5)
      def vector(n: Int): Array[Float] = Array.fill(n)(random.nextGaussian().toFloat)
      val law = new AllToAll(pre, post)
      val matrix = Matrices.of(law.rows("r", Rows.Storage.STORED), true, law.arguments("r", 5), mode)
      val w = vector(pre * post)
      val (sources, targets) = if (direction == Direction.ALONG) (pre, post) else (post, pre)
      for (batch <- Seq(1, 3, 16, 33, 64); parts <- Seq(1, 3)) {
        val sum = new Matrix.Sum(direction, vector(sources * batch), vector(targets * batch), batch, null)
        val expected = defined(post, w, sum)
        for (p <- 0 until parts) matrix.product(sum, w, new Share(p, parts)).run()
        val found = sum.target.asInstanceOf[Array[Float]]
        assert(found.map(java.lang.Float.floatToRawIntBits).toSeq === expected.map(java.lang.Float.floatToRawIntBits).toSeq)
      }
    }
  }
}
