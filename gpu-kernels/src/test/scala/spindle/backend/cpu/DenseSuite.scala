package spindle.backend.cpu

import scala.jdk.CollectionConverters._
import scala.util.Random

import org.scalatest.funsuite.AnyFunSuite
import spindle.backend.Snapshot
import spindle.compile.{Events, Jvm, Mode}
import spindle.connect.AllToAll
import spindle.ir._

/** Products with full matrices are sums in order, whatever is packed, tiled or transposed on the way. */
class DenseSuite extends AnyFunSuite {
  private val mode = if (Jvm.hasVectors) Mode.VECTOR else Mode.PLAIN

  /** target += W' x or W x, neurons of the other side ascending, each product added in one rounding, none of 0. */
  private def defined(post: Int, w: Array[Float], sum: Matrix.Sum): Array[Float] = {
    val (x, target) = (sum.x.asInstanceOf[Array[Float]], sum.target.asInstanceOf[Array[Float]].clone())
    val batch = sum.batch
    for (i <- 0 until target.length / batch) {
      var k = 0
      while (k < x.length / batch) {
        val weight = if (sum.direction == Direction.ALONG) w(k * post + i) else w(i * post + k)
        var b = 0
        while (b < batch) {
          if (x(k * batch + b) != 0) target(i * batch + b) = Math.fma(x(k * batch + b), weight, target(i * batch + b))
          b += 1
        }
        k += 1
      }
    }
    target
  }

  private def bits(x: Array[Float]): Seq[Int] = x.toSeq.map(java.lang.Float.floatToIntBits)

  /** A vector of which every other element is 0. */
  private def half(random: Random, n: Int): Array[Float] =
    Array.fill(n)(if (random.nextBoolean()) random.nextGaussian().toFloat else 0f)

  /** Numbers, and here and there what is none. */
  private def wild(random: Random, n: Int): Array[Float] = Array.tabulate(n) { k =>
    if (random.nextInt(40) > 0) random.nextGaussian().toFloat
    else Seq(Float.NaN, Float.PositiveInfinity, Float.NegativeInfinity)(k % 3)
  }

  private def stored(pre: Int, post: Int): Matrix = {
    val law = new AllToAll(pre, post)
    Matrices.of(law.rows("r", Rows.Storage.STORED), true, law.arguments("r", 5), mode)
  }

  for {
    (pre, post) <- Seq((1, 1), (17, 9), (35, 1100), (1100, 37))
    batch <- Seq(1, 3, 16, 33)
  } {
    test(s"what is 0 takes nothing from infinite or NaN weights: $pre x $post, batch $batch") {
      val random = new Random(7)
      val matrix = stored(pre, post)
      val w = wild(random, pre * post)
      for (direction <- Direction.values; parts <- Seq(1, 3)) {
        val (sources, targets) = if (direction == Direction.ALONG) (pre, post) else (post, pre)
        val sum = new Matrix.Sum(direction, half(random, sources * batch), new Array[Float](targets * batch), batch, null)
        val expected = defined(post, w, sum)
        for (p <- 0 until parts) matrix.product(sum, w, new Share(p, parts)).run()
        assert(bits(sum.target.asInstanceOf[Array[Float]]) === bits(expected), direction)
      }
      val marks = half(random, pre * batch).map(v => if (v == 0) 0f else 1f)
      val events = new Events(marks.length)
      marks.indices.filter(marks(_) > 0).foreach(events.add)
      val sums = new Array[Float](post * batch)
      matrix.delivery(w, Sink.of(sums, batch), Share.WHOLE).accept(events)
      val expected = defined(post, w, new Matrix.Sum(Direction.ALONG, marks, new Array[Float](sums.length), batch, null))
      assert(bits(sums) === bits(expected))
    }

    test(s"what is 0 takes nothing from an infinite or NaN other end: $pre x $post, batch $batch") {
      val random = new Random(8)
      val (x, y) = (half(random, pre * batch), wild(random, post * batch))
      val found = new Array[Float](pre * post)
      stored(pre, post).pairs(x, y, found, batch).run()
      val expected = Array.tabulate(pre * post) { s =>
        (0 until batch).foldLeft(0f) { (sum, b) =>
          val v = x(s / post * batch + b)
          if (v == 0) sum else Math.fma(v, y(s % post * batch + b), sum)
        }
      }
      assert(bits(found.map(_ + 0f)) === bits(expected.map(_ + 0f)))
    }
  }

  for {
    (pre, post) <- Seq((1, 1), (17, 9), (35, 1100), (2100, 37), (40, 512), (40, 53))
    direction <- Direction.values
  } {
    test(s"a product of $pre x $post weights is the sum in order, $direction, one member or many, one thread or three") {
      val random = new Random(5)
      def vector(n: Int): Array[Float] = Array.fill(n)(random.nextGaussian().toFloat)
      val matrix = stored(pre, post)
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

  for (events <- Seq(false, true)) {
    test(s"a variable that gathers pairs is a sum, so no -0, of ${if (events) "events" else "numbers"}") {
      val (pre, post) = (20, 30)
      val law = new AllToAll(pre, post)
      val trace = new Trace("gathering")
      def load(name: String, length: Int): Expr =
        trace.load(trace.declare(Variable.of(name, Type.vector(DType.F32, length))).name)
      val (x, y, v) = (load("x", pre), load("y", post), load("v", pre * post))
      val pairs = trace.pair(if (events) trace.collect(x) else x, y, law.rows("r", Rows.Storage.STORED), pre * post)
      trace.store("v", v.plus(pairs))
      val one = Array.tabulate(pre)(i => if (i == 3) 1.0 else 0.0)
      val initial = Map("x" -> one, "y" -> Array.fill(post)(0.5), "v" -> Array.fill(pre * post)(-0.0))
      val arguments = law.arguments("r", 5).asScala.map { case (k, a) => k -> a.doubleValue }.toMap
      val c = Case(trace.finish(), arguments, initial)
      Generators.others.foreach { backend =>
        assert(c.difference(backend, 2) === None, backend.device)
        val e = c.load(backend)
        val state = new Snapshot(c.program.variables)
        e.save(state)
        val gathered = new Array[Float](pre * post)
        // Whichever way a -0 comes in, and however often.
        Seq[() => Unit](() => (), () => e.restore(state), () => e.write("v", Array.fill(pre * post)(-0f))).foreach { put =>
          put()
          e.run(0, 1)
          e.read("v", gathered)
          assert(!gathered.exists(v => v == 0 && 1 / v < 0), backend.device)
        }
        e.close()
      }
    }
  }
}
