package spindle.backend.cpu

import java.{util => ju}

import scala.jdk.CollectionConverters._
import scala.util.Random

import org.scalatest.funsuite.AnyFunSuite
import spindle.backend.{Arguments, Snapshot}
import spindle.backend.reference.ReferenceBackend
import spindle.compile.{Jvm, Mode, RowsKernel}
import spindle.connect.AllToAll
import spindle.ir._

/** Weights that a program only multiplies by, one way, are kept by target, and nobody sees it. */
class ByTargetSuite extends AnyFunSuite {
  // Several strips, no multiple of four, and a few lanes over, and more than one thread keeps to itself.
  private val (pre, post) = (9081, 7)
  private val mode = if (Jvm.hasVectors) Mode.VECTOR else Mode.PLAIN
  private val law = new AllToAll(pre, post)
  private val rows = law.rows("r", Rows.Storage.STORED)
  private val arguments = new Arguments(law.arguments("r", 3), ju.Set.of())

  /** A product y = W x, and what else is done with the weights. */
  private def program(
      batch: Int = 1,
      dtype: DType = DType.F32,
      law: AllToAll = law,
      direction: Direction = Direction.AGAINST)(other: (Trace, Expr) => Unit = (_, _) => ()): Program = {
    val (pre, post) = (law.pre, law.post)
    val rows = law.rows("r", Rows.Storage.STORED)
    val trace = new Trace("product")
    def declared(name: String, length: Int): String = trace.declare(Variable.of(name, Type.vector(dtype, length))).name
    val x = trace.load(declared("x", direction.sources(rows) * batch))
    val w = trace.load(declared("w", pre * post))
    trace.store(declared("y", direction.targets(rows) * batch), trace.transmit(x, w, rows, direction))
    declared("z", pre * post)
    declared("u", post * batch)
    other(trace, w)
    trace.finish()
  }

  private def kept(p: Program, law: AllToAll = law): Set[String] = {
    val rows = law.rows("r", Rows.Storage.STORED)
    val scalars = new Arguments(law.arguments("r", 3), ju.Set.of()).scalars
    ByTarget.of(Lower.of(p), ju.Map.of("r", Matrices.of(rows, true, scalars, mode))).keySet.asScala.toSet
  }

  private def floats(random: Random, n: Int): Array[Float] = Array.fill(n)(random.nextGaussian().toFloat)

  private def along(batch: Int, pre: Int = 300, post: Int = 400): Set[String] = {
    val law = new AllToAll(pre, post)
    kept(program(batch, law = law, direction = Direction.ALONG)(), law)
  }

  private def against(batch: Int, post: Int = 300): Set[String] = {
    val law = new AllToAll(400, post)
    kept(program(batch, law = law)(), law)
  }

  test("they are, where a full matrix of float32 multiplies a vector, or a batch that is faster so") {
    assert(kept(program()()) === (if (Jvm.hasVectors) Set("w") else Set.empty))
    assume(Jvm.hasVectors)
    val lanes = Tiles.LANES
    for (batch <- Seq(1, 2, lanes, 3 * lanes / 2, 2 * lanes, 4 * lanes)) assert(against(batch) === Set("w"), batch)
    for (batch <- Seq(2, 4 * lanes, 1000)) assert(along(batch) === Set("w"), batch)
    assert(along(1) === Set.empty, "rows are added one by one")
    assert(along(4 * lanes, pre = 255) === Set.empty, "to transpose would take longer")
    assert(against(lanes, post = 255) === Set.empty, "to transpose would take longer")
    assert(along(lanes - 1, pre = 255) === Set("w"))
  }

  test("events against the synapses are marked, along them delivered as numbered") {
    assume(Jvm.hasVectors)
    for ((direction, found) <- Seq(Direction.AGAINST -> Set("w"), Direction.ALONG -> Set.empty[String])) {
      val law = new AllToAll(300, 400)
      val rows = law.rows("r", Rows.Storage.STORED)
      val trace = new Trace("events")
      def declared(name: String, length: Int): Expr =
        trace.load(trace.declare(Variable.of(name, Type.vector(DType.F32, length))).name)
      val x = declared("x", direction.sources(rows) * 3)
      val product = trace.transmit(trace.collect(x), declared("w", 300 * 400), rows, direction)
      declared("y", direction.targets(rows) * 3)
      trace.store("y", product)
      assert(kept(trace.finish(), law) === found, direction)
    }
  }

  test("they are not, where a program does anything else with them") {
    val others = Map[String, (Trace, Expr) => Unit](
      "is updated" -> ((t, w) => t.store("w", w.times(2))),
      "stays as it is by an update" -> ((t, w) => t.store("w", w)),
      "is copied" -> ((t, w) => t.store("z", w)),
      "is read element by element" -> ((t, w) => t.store("z", w.plus(1))),
      "is the vector of a sum" -> ((t, w) => t.store("y", t.sum(w).times(t.load("y")))),
      "multiplies along the synapses" -> ((t, w) => t.store("u", t.transmit(t.load("y"), w, rows, Direction.ALONG))))
    for (batch <- Seq(1, 2)) assert(kept(program(batch)()) === (if (Jvm.hasVectors) Set("w") else Set.empty), batch)
    for ((use, other) <- others; batch <- Seq(1, 2)) assert(kept(program(batch)(other)) === Set.empty, s"$use, $batch")
    for (batch <- Seq(1, 2)) assert(kept(program(batch, dtype = DType.F64)()) === Set.empty)
  }

  test("they are not, where an array could not hold them or would hold little else than what fills strips up") {
    assume(Jvm.hasVectors)
    val fit = Seq((10, 256), (1, 100), (RowSums.STRIP / 4 + 1, 1 << 20), (20000, 20000), (0, 5), (5, 0))
    val unfit = Seq((1, 1 << 20), (RowSums.STRIP / 4, 1 << 20), (1 << 16, 1 << 15), (Int.MaxValue, 1))
    def fits(size: (Int, Int), batch: Int) = new ByTarget(Direction.AGAINST, size._1, size._2).fits(batch)
    fit.foreach(size => assert(fits(size, 1), size))
    unfit.foreach(size => assert(!fits(size, 1), size))
    val strip = RowSums.STRIP
    Seq((strip, 100), (4 * strip + 1, 100), (5 * strip - 1, 10)).foreach(size => assert(fits(size, 2), size))
    Seq((1, 100), (10, 256), (strip + 1, 100), (1 << 16, 1 << 15)).foreach(size => assert(!fits(size, 2), size))
  }

  test("products where few are needed keep to the rows that are") {
    val trace = new Trace("needed")
    val x = trace.load(trace.declare(Variable.of("x", Type.vector(DType.F32, post))).name)
    val w = trace.load(trace.declare(Variable.of("w", Type.vector(DType.F32, pre * post))).name)
    val y = trace.load(trace.declare(Variable.of("y", Type.vector(DType.F32, pre))).name)
    trace.store("y", y.heaviside.select(trace.transmit(x, w, rows, Direction.AGAINST), y))
    assert(kept(trace.finish()) === Set.empty)
  }

  test("products are sums over the sources that are not 0, however many strips and members there are") {
    assume(Jvm.hasVectors)
    val random = new Random(13)
    val lanes = Tiles.LANES
    for {
      targets <- Seq(1, lanes - 1, lanes, 2 * lanes, 15 * lanes + 1, 400).distinct if targets > 0
      sources <- Seq(1, 2, 40)
      share <- Seq(1.0, 0.6, 0.1, 0.0)
      parts <- Seq(1, 2, 3)
      (direction, batch) <- Seq((Direction.AGAINST, 1), (Direction.AGAINST, 9), (Direction.ALONG, 2 + random.nextInt(7)))
    } law(random, new ByTarget(direction, targets, sources), share, parts, batch)
  }

  test("so they are where sources and members are taken in groups") {
    assume(Jvm.hasVectors)
    for {
      (sources, batch, parts) <- Seq((2049, 3, 1), (8193, 3, 2), (16400, 9, 1), (70, 63, 1), (70, 64, 2), (70, 65, 1), (9, 200, 2),
        (1, 24, 1), (11, 48, 2), (1029, 24, 1), (2051, 56, 2), (8195, 40, 2), (1030, 70, 1))
      share <- Seq(1, 0.5, FINITE)
    } law(new Random(14), new ByTarget(Direction.ALONG, if (parts == 1) RowSums.STRIP + 1 else 129, sources), share, parts, batch)
  }

  test("however many strips are read side by side, and whichever way") {
    assume(Jvm.hasVectors)
    val random = new Random(15)
    val (sources, count) = (21, 19)
    val x = floats(random, sources)
    val part = new Tiles.Part(floats(random, sources * count * RowSums.STRIP), 0, RowSums.STRIP, sources * RowSums.STRIP)
    val some = new Tiles.Picked((0 until sources by 3).toArray, floats(random, 7), 0, 7)
    def sums(side: Int, back: Boolean): Seq[Float] = {
      val strips = new RowSums.Strips(part, count, side, back)
      val found = Array.fill(2)(new Array[Float](count * RowSums.STRIP))
      RowSums.addAll(x, sources, strips, found(0), 0)
      RowSums.add(some, strips, found(1), 0)
      found.toSeq.flatten
    }
    def far(step: Int): Int = RowSums.Strips.of(new Tiles.Part(Array(), 0, RowSums.STRIP, step), 4).side
    assert(far((1 << 23) - 1) < RowsKernel.STRIPS && far(1 << 23) === RowsKernel.STRIPS)
    val one = sums(1, back = false)
    assert(one.forall(_ != 0))
    for (side <- 1 to RowsKernel.STRIPS; back <- Seq(false, true)) assert(sums(side, back) === one, s"$side, back $back")
  }

  /** Share of sources that are not 0 beside weights that are finite all. */
  private val FINITE = 0.8

  private def law(random: Random, kept: ByTarget, share: Double, parts: Int, batch: Int): Unit = {
    val (targets, sources) = (kept.targets, kept.sources)
    val clue = s"$kept, $share of x, $parts parts, a batch of $batch"
    def number(t: Int, i: Int): Int = if (kept.direction == Direction.ALONG) i * targets + t else t * sources + i
    val w = floats(random, targets * sources)
    val x =
      floats(random, sources * batch).map(v => if (random.nextDouble() < share) v else if (random.nextBoolean()) 0f else -0f)
    for (i <- 0 until sources if x(i * batch) == 0 && share != FINITE)
      w(number(random.nextInt(targets), i)) = Seq(Float.NaN, Float.PositiveInfinity)(i % 2)
    if (share == 0.6) w(random.nextInt(w.length)) = Float.NegativeInfinity
    w(0) = -1e-38f // times a small number it is -0
    x(0) *= 1e-10f
    val last = x.length - 1
    if ((parts == 3 || sources > 8192 && share == 1) && x(last) != 0) x(last) = Seq(Float.NaN, Float.NegativeInfinity)(targets % 2)

    val array = new Array[Float](kept.size(w.length))
    kept.put(w, array)
    assert(w.indices.forall(k => same(array(kept.place(k)), w(k))), clue)
    val places = new ju.BitSet
    w.indices.foreach(k => places.set(kept.place(k)))
    assert(places.cardinality === w.length)
    assert(array.indices.forall(k => places.get(k) || array(k) == 0), s"$clue: what fills strips up adds nothing")
    val back = new Array[Float](w.length)
    kept.get(array, back)
    assert(w.indices.forall(k => same(back(k), w(k))), clue)

    val y = new Array[Float](Memory.padded(targets * batch))
    val before = x.clone()
    val products = (0 until parts)
      .map(p => kept.product(new Matrix.Sum(kept.direction, x, y, batch, null), array, new Share(p, parts)))
    x.indices.foreach(x(_) = Float.NaN)
    products.foreach(_.run())
    before.copyToArray(x)
    for (way <- Seq("back", "forth")) { // strips come from the last to the first, and the other way
      java.util.Arrays.fill(y, Float.NaN) // products are written, not added
      products.foreach(_.run())
      compare(s"$clue, $way")
    }
    def compare(clue: String): Unit = for (t <- 0 until targets; m <- 0 until batch) {
      def factor(i: Int): Float = x(i * batch + m)
      var sum = 0f
      var i = 0
      while (i < sources) {
        if (factor(i) != 0) sum = Math.fma(factor(i), w(number(t, i)), sum)
        i += 1
      }
      val found = y(t * batch + m)
      assert(same(found, sum + 0f), s"$clue, target $t, member $m: $found is not $sum")
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

    for ((direction, batch) <- Seq((Direction.AGAINST, 12), (Direction.ALONG, 30)))
      test(s"those of a batch as well, $direction, $threads threads") {
        val random = new Random(15)
        val law = new AllToAll(700, 900)
        val p = program(batch, law = law, direction = direction)()
        assert(kept(p, law) === (if (Jvm.hasVectors) Set("w") else Set.empty))
        val arguments = new Arguments(law.arguments("r", 3), ju.Set.of())
        val all = Seq(new ReferenceBackend, new CpuBackend(mode, threads)).map(_.load(p, arguments))
        def same(name: String, length: Int): Seq[Int] = {
          val found = all.map { e => val v = new Array[Float](length); e.read(name, v); v.toSeq.map(java.lang.Float.floatToIntBits) }
          assert(found(1) === found(0))
          found(1)
        }
        val rows = law.rows("r", Rows.Storage.STORED)
        val sums = direction.targets(rows) * batch
        val (w, x) = (floats(random, 700 * 900), floats(random, direction.sources(rows) * batch))
        def product(): Seq[Int] = {
          all.foreach { e => e.write("w", w); e.write("x", x); e.run(0, 1) }
          same("y", sums)
        }
        val first = product()
        assert(same("w", w.length) === w.toSeq.map(java.lang.Float.floatToIntBits))
        val state = all.map { e => val s = new Snapshot(p.variables); e.save(s); s }
        w(901) = Float.PositiveInfinity
        for (k <- x.indices by 7) x(k) = 0
        assert(product() !== first)
        assert(all.map(_.firstNonFinite("w")) === Seq(901, 901))
        all.zip(state).foreach { case (e, s) => e.restore(s); e.run(0, 1) }
        assert(same("y", sums) === first)
        all.foreach(_.close())
      }

    // The second needs an array three times as long as the weights.
    for {
      (pre, post, direction, batch) <-
        Seq((pre, post, Direction.AGAINST, 1), (10, 5000, Direction.AGAINST, 1), (300, 400, Direction.ALONG, 30))
    }
      test(s"they go over from plain loops to vectors: $pre x $post, a batch of $batch, $threads threads") {
        val random = new Random(12)
        val law = new AllToAll(pre, post)
        val rows = law.rows("r", Rows.Storage.STORED)
        val (w, x) = (floats(random, pre * post), floats(random, direction.sources(rows) * batch))
        val found = Seq(new ReferenceBackend, new CpuBackend(Mode.PLAIN, mode, threads)).map { backend =>
          val e = backend.load(program(batch, law = law, direction = direction)(), new Arguments(law.arguments("r", 3), ju.Set.of()))
          e.write("w", w)
          e match {
            case compiled: CpuExecutable => compiled.goOver()
            case _ => ()
          }
          e.write("x", x)
          e.run(0, 1)
          val (y, out) = (new Array[Float](direction.targets(rows) * batch), new Array[Float](pre * post))
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
