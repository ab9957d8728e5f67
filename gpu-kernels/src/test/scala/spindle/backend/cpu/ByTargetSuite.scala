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
  // Several strips, no multiple of four, and a few lanes over, and more than one thread keeps to itself.
  private val (pre, post) = (9081, 7)
  private val mode = if (Jvm.hasVectors) Mode.VECTOR else Mode.PLAIN
  private val law = new AllToAll(pre, post)
  private val rows = law.rows("r", Rows.Storage.STORED)
  private val arguments = new Arguments(law.arguments("r", 3), ju.Set.of())

  /** y = W x against the synapses, and what else is done with the weights. */
  private def program(batch: Int = 1, dtype: DType = DType.F32, law: AllToAll = law)(
      other: (Trace, Expr) => Unit = (_, _) => ()): Program = {
    val (pre, post) = (law.pre, law.post)
    val rows = law.rows("r", Rows.Storage.STORED)
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

  private def kept(p: Program): Set[String] =
    ByTarget.of(Lower.of(p), ju.Map.of("r", Matrices.of(rows, true, arguments.scalars, mode))).keySet.asScala.toSet

  private def floats(random: Random, n: Int): Array[Float] = Array.fill(n)(random.nextGaussian().toFloat)

  test("they are, where a full matrix of float32 multiplies a vector") {
    assert(kept(program()()) === (if (Jvm.hasVectors) Set("w") else Set.empty))
  }

  test("they are not, where a program does anything else with them") {
    val others = Map[String, (Trace, Expr) => Unit](
      "is updated" -> ((t, w) => t.store("w", w.times(2))),
      "stays as it is by an update" -> ((t, w) => t.store("w", w)),
      "is copied" -> ((t, w) => t.store("z", w)),
      "is read element by element" -> ((t, w) => t.store("z", w.plus(1))),
      "is the vector of a sum" -> ((t, w) => t.store("y", t.sum(w).times(t.load("y")))),
      "multiplies along the synapses" -> ((t, w) => t.store("u", t.transmit(t.load("y"), w, rows, Direction.ALONG))))
    others.foreach { case (use, other) => assert(kept(program()(other)) === Set.empty, use) }
    assert(kept(program(batch = 2)()) === Set.empty)
    assert(kept(program(dtype = DType.F64)()) === Set.empty)
  }

  test("they are not, where an array could not hold them or would hold little else than what fills strips up") {
    assume(Jvm.hasVectors)
    val fit = Seq((10, 256), (1, 100), (RowSums.STRIP / 4 + 1, 1 << 20), (20000, 20000), (0, 5), (5, 0))
    val unfit = Seq((1, 1 << 20), (RowSums.STRIP / 4, 1 << 20), (1 << 16, 1 << 15), (Int.MaxValue, 1))
    fit.foreach { case (targets, sources) => assert(new ByTarget(targets, sources).fits, s"$targets x $sources") }
    unfit.foreach { case (targets, sources) => assert(!new ByTarget(targets, sources).fits, s"$targets x $sources") }
  }

  test("products where few are needed keep to the rows that are") {
    val trace = new Trace("needed")
    val x = trace.load(trace.declare(Variable.of("x", Type.vector(DType.F32, post))).name)
    val w = trace.load(trace.declare(Variable.of("w", Type.vector(DType.F32, pre * post))).name)
    val y = trace.load(trace.declare(Variable.of("y", Type.vector(DType.F32, pre))).name)
    trace.store("y", y.heaviside.select(trace.transmit(x, w, rows, Direction.AGAINST), y))
    assert(kept(trace.finish()) === Set.empty)
  }

  test("products are sums over the sources that are not 0, however many strips there are") {
    assume(Jvm.hasVectors)
    val random = new Random(13)
    val lanes = Tiles.LANES
    for {
      targets <- Seq(1, lanes - 1, lanes, 2 * lanes, 15 * lanes + 1, 400).distinct if targets > 0
      sources <- Seq(1, 2, 40)
      share <- Seq(1.0, 0.6, 0.1, 0.0)
      parts <- Seq(1, 2, 3)
    } {
      val clue = s"$targets targets, $sources sources, $share of x, $parts parts"
      val kept = new ByTarget(targets, sources)
      val w = floats(random, targets * sources)
      val x = floats(random, sources).map(v => if (random.nextDouble() < share) v else if (random.nextBoolean()) 0f else -0f)
      for (i <- x.indices if x(i) == 0) w(random.nextInt(targets) * sources + i) = Seq(Float.NaN, Float.PositiveInfinity)(i % 2)
      val infinite = random.nextInt(w.length)
      if (share == 0.6) w(infinite) = Float.NegativeInfinity
      w(0) = -1e-38f // times a small number it is -0
      x(0) *= 1e-10f
      val last = x.length - 1
      if (parts == 3 && x(last) != 0) x(last) = Seq(Float.NaN, Float.NegativeInfinity)(targets % 2)

      val array = new Array[Float](kept.size(w.length))
      kept.put(w, array)
      assert(w.indices.forall(k => same(array(kept.place(k)), w(k))), clue)
      val places = w.indices.map(kept.place).toSet
      assert(places.size === w.length)
      assert(array.indices.forall(k => places(k) || array(k) == 0), s"$clue: what fills strips up adds nothing")
      val back = new Array[Float](w.length)
      kept.get(array, back)
      assert(w.indices.forall(k => same(back(k), w(k))), clue)

      val y = new Array[Float](Memory.padded(targets))
      for (p <- 0 until parts)
        kept.product(new Matrix.Sum(Direction.AGAINST, x, y, 1, null), array, new Share(p, parts)).run()
      for (t <- 0 until targets) {
        val sum = (0 until sources).filter(x(_) != 0).foldLeft(0f)((sum, i) => Math.fma(x(i), w(t * sources + i), sum))
        assert(same(y(t) + 0f, sum + 0f), s"$clue, target $t: ${y(t)} is not $sum")
      }
    }
  }

  private def same(a: Float, b: Float): Boolean = java.lang.Float.floatToIntBits(a) == java.lang.Float.floatToIntBits(b)

  for (threads <- Seq(1, 2)) {
    test(s"all ways in and out number them as the program does, $threads threads") {
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
      val some = Array(0, 1, post - 1, post, RowSums.STRIP * post - 1, RowSums.STRIP * post, 9080 * post, pre * post - 1)
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

      w(pre * post - 1) = Float.NaN
      all.foreach(_.write("w", w))
      assert(same(_.firstNonFinite("w")) === pre * post - 1)
      w(pre * post - 1) = 1
      w(post + 3) = Float.NaN
      w(2 * post) = Float.PositiveInfinity
      all.foreach(_.write("w", w))
      assert(same(_.firstNonFinite("w")) === post + 3)
      assert(product().indexWhere(_.isNaN) === 1)
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

    // The second needs an array three times as long as the weights.
    for ((pre, post) <- Seq((pre, post), (10, 5000)))
      test(s"they go over from plain loops to vectors: $pre targets, $threads threads") {
        val random = new Random(12)
        val (w, x) = (floats(random, pre * post), floats(random, post))
        val law = new AllToAll(pre, post)
        val found = Seq(new ReferenceBackend, new CpuBackend(Mode.PLAIN, mode, threads)).map { backend =>
          val e = backend.load(program(law = law)(), new Arguments(law.arguments("r", 3), ju.Set.of()))
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
