package spindle.backend.cpu

import scala.util.Random

import org.scalatest.funsuite.AnyFunSuite
import spindle.compile.{Jvm, Mode}
import spindle.connect._
import spindle.ir.{Direction, Rows}

/** Rows of a product whose result nobody reads are not walked: they leave what was there. */
class NeededSuite extends AnyFunSuite {
  private val (pre, post) = (70, 40)
  private val mode = if (Jvm.hasVectors) Mode.VECTOR else Mode.PLAIN

  private def multiply(law: Connectivity, storage: Rows.Storage, batch: Int, needed: Option[Array[Float]], from: Float): Array[Float] = {
    val random = new Random(3)
    val x = Array.fill(post * batch)(random.nextInt(9) - 4f)
    val target = Array.fill(pre * batch)(from)
    val matrix = Matrices.of(law.rows("r", storage), false, law.arguments("r", 5), mode)
    matrix.product(new Matrix.Sum(Direction.AGAINST, x, target, batch, needed.orNull), null, Share.WHOLE).run()
    target
  }

  for {
    law <- Seq[Connectivity](new Bernoulli(pre, post, 0.3), new AllToAll(pre, post), new Weighted(new AllToAll(pre, post), Weighted.Law.NORMAL, 0, 1))
    storage <- Seq(Rows.Storage.STORED, Rows.Storage.REGENERATED)
    batch <- Seq(1, 3, 64)
  } {
    test(s"needed rows are those of the whole product, the others are left alone: $law $storage, batch $batch") {
      for (share <- Seq(0.0, 0.1, 0.5)) {
        val random = new Random(7)
        val row = Array.fill(pre)(random.nextDouble() < share)
        val needed = Array.tabulate(pre * batch)(k => if (row(k / batch)) -0.5f else if (k % 2 == 0) -0f else 0f)
        val mark = 1000f // adds to what is not needed, if it is walked
        val whole = multiply(law, storage, batch, None, 0)
        val some = multiply(law, storage, batch, Some(needed), 0)
        val marked = multiply(law, storage, batch, Some(needed), mark)
        for (k <- some.indices) {
          assert(some(k) === (if (row(k / batch)) whole(k) else 0f))
          if (!row(k / batch)) assert(marked(k) === mark)
        }
        assert(whole.count(_ != 0) > pre * batch / 2)
      }
    }
  }
}
