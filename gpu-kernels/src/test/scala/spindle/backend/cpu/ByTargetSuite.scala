package spindle.backend.cpu

import java.{util => ju}

import scala.jdk.CollectionConverters._
import scala.util.Random

import org.scalatest.funsuite.AnyFunSuite
import spindle.backend.{Arguments, Snapshot}
import spindle.backend.reference.ReferenceBackend
import spindle.compile.{Jvm, Mode}
import spindle.connect.AllToAll
import spindle.ir._

/** Weights that a program only multiplies by against the synapses are kept by target, and nobody sees it. */
class ByTargetSuite extends AnyFunSuite {
  private val pre = 9001 // several strips, and more targets than one thread keeps to itself
  private val (near, far) = (7, 940) // strips of one vector, and wide ones
  private val mode = if (Jvm.hasVectors) Mode.VECTOR else Mode.PLAIN
  private val few = new Full(near)

  private final class Full(val post: Int) {
    private val law = new AllToAll(pre, post)
    val rows: Rows = law.rows("r", Rows.Storage.STORED)
    val arguments = new Arguments(law.arguments("r", 3), ju.Set.of())

    /** y = W x against the synapses, and what else is done with the weights. */
    def program(batch: Int = 1, dtype: DType = DType.F32)(other: (Trace, Expr) => Unit = (_, _) => ()): Program = {
      val trace = new Trace("product")
      def declared(name: String, length: Int): String = trace.declare(Variable.of(name, Type.vector(dtype, length))).name
      val x = trace.load(declared("x", post * batch))
      val w = trace.load(declared("w", pre * post))
      trace.store(declared("y", pre * batch), trace.transmit(x, w, rows, Direction.AGAINST))
      declared("z", pre * post)
      declared("u", post)
      other(trace, w)
      trace.finish()
    }
  }

  private def kept(p: Program): Set[String] =
    ByTarget.of(Lower.of(p), ju.Map.of("r", Matrices.of(few.rows, true, few.arguments.scalars, mode))).keySet.asScala.toSet

  private def floats(random: Random, n: Int): Array[Float] = Array.fill(n)(random.nextGaussian().toFloat)

  test("they are, where a full matrix of float32 multiplies a vector") {
    assert(kept(few.program()()) === (if (Jvm.hasVectors) Set("w") else Set.empty))
  }

  test("they are not, where a program does anything else with them") {
    val others = Map[String, (Trace, Expr) => Unit](
      "is updated" -> ((t, w) => t.store("w", w.times(2))),
      "stays as it is by an update" -> ((t, w) => t.store("w", w)),
      "is copied" -> ((t, w) => t.store("z", w)),
      "is read element by element" -> ((t, w) => t.store("z", w.plus(1))),
      "is the vector of a sum" -> ((t, w) => t.store("y", t.sum(w).times(t.load("y")))),
      "multiplies along the synapses" -> ((t, w) => t.store("u", t.transmit(t.load("y"), w, few.rows, Direction.ALONG))))
    others.foreach { case (use, other) => assert(kept(few.program()(other)) === Set.empty, use) }
    assert(kept(few.program(batch = 2)()) === Set.empty)
    assert(kept(few.program(dtype = DType.F64)()) === Set.empty)
  }

  test("products where few are needed keep to the rows that are") {
    val trace = new Trace("needed")
    val x = trace.load(trace.declare(Variable.of("x", Type.vector(DType.F32, near))).name)
    val w = trace.load(trace.declare(Variable.of("w", Type.vector(DType.F32, pre * near))).name)
    val y = trace.load(trace.declare(Variable.of("y", Type.vector(DType.F32, pre))).name)
    trace.store("y", y.heaviside.select(trace.transmit(x, w, few.rows, Direction.AGAINST), y))
    assert(kept(trace.finish()) === Set.empty)
  }

  for (threads <- Seq(1, 2); post <- Seq(near, far)) {
    val full = new Full(post)
    import full.{arguments, program}
    test(s"all ways in and out number them as the program does, $post sources, $threads threads") {
      val random = new Random(11)
      val p = program()()
      val all = Seq(new ReferenceBackend, new CpuBackend(mode, threads)).map(_.load(p, arguments))
      def same[A](f: spindle.backend.Executable => A): A = {
        val found = all.map(f)
        assert(found(1) === found(0))
        found(1)
      }
      def product(): Seq[Float] = {
        all.foreach(_.run(0, 1))
        same { e => val y = new Array[Float](pre); e.read("y", y); y.toSeq.map(java.lang.Float.floatToIntBits) }
          .map(java.lang.Float.intBitsToFloat)
      }
      val (w, x) = (floats(random, pre * post), floats(random, post))
      all.foreach(e => { e.write("x", x); e.write("w", w) })
      product()
      assert(same { e => val out = new Array[Float](pre * post); e.read("w", out); out.toSeq } === w.toSeq)
      val some = Array(0, 1, post - 1, post, 3008 * post - 1, 3008 * post, 4500 * post + 2, pre * post - 1)
      assert(same { e => val out = new Array[Double](some.length); e.read("w", some, out); out.toSeq } ===
        some.toSeq.map(w(_).toDouble))

      for (index <- Seq(-1, pre * post)) {
        val refused = intercept[IndexOutOfBoundsException](all(1).read("w", Array(index), new Array[Double](1)))
        assert(refused.getMessage === s"w has elements 0 to ${pre * post - 1}, got $index")
      }

      val wide = floats(random, pre * post).map(_.toDouble + 1e-12)
      all.foreach(_.write("w", wide))
      val second = product()
      val state = all.map { e => val s = new Snapshot(p.variables); e.save(s); s }
      assert(state(1).array("w").asInstanceOf[Array[Float]].toSeq === wide.toSeq.map(_.toFloat))
      all.foreach(_.write("w", w))
      all.zip(state).foreach { case (e, s) => e.restore(s) }
      assert(product() === second)

      w(post + 3) = Float.NaN
      w(2 * post) = Float.PositiveInfinity
      all.foreach(_.write("w", w))
      assert(same(_.firstNonFinite("w")) === post + 3)
      x(0) = 0
      x(3) = 0
      all.foreach(_.write("x", x))
      assert(product().forall(_.isFinite), "what is not finite meets 0")
      x.indices.drop(1).foreach(x(_) = 0)
      all.foreach(_.write("x", x))
      assert(product().toSet === Set(0f))
      x(3) = 1
      all.foreach(_.write("x", x))
      assert(product().indexWhere(_.isNaN) === 1)
      all.foreach(_.close())
    }

    test(s"they go over from plain loops to vectors, $post sources, $threads threads") {
      val random = new Random(12)
      val (w, x) = (floats(random, pre * post), floats(random, post))
      val found = Seq(new ReferenceBackend, new CpuBackend(Mode.PLAIN, mode, threads)).map { backend =>
        val e = backend.load(program()(), arguments)
        e.write("w", w)
        e match {
          case compiled: CpuExecutable => compiled.goOver()
          case _ => ()
        }
        e.write("x", x)
        e.run(0, 1)
        val (y, out) = (new Array[Float](pre), new Array[Float](pre * post))
        e.read("y", y)
        e.read("w", out)
        e.close()
        (y.toSeq, out.toSeq)
      }
      assert(found(1) === found(0))
      assert(found(1)._2 === w.toSeq)
    }
  }
}
