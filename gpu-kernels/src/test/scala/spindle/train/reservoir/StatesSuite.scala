package spindle.train.reservoir

import org.scalatest.funsuite.AnyFunSuite
import spindle.backend.Backend
import spindle.backend.reference.ReferenceBackend
import spindle.connect.Connectivity
import spindle.ir.{Direction, Generators, Rows}
import spindle.sim.Product
import spindle.sim.Product.{Form, Input}
import spindle.train.data.Images
import spindle.train.readout.Features
import spindle.train.reservoir.LeakyReservoir.Activation

/** States are those of the equations, whatever the batch, storage and backend. */
@spindle.Gpu
class StatesSuite extends AnyFunSuite {
  private val random = new scala.util.Random(3)
  private val images = {
    val pixels = new Array[Byte](7 * 5 * 4)
    random.nextBytes(pixels)
    new Images(5, 4, 2, pixels, new Array[Byte](7))
  }

  private def reservoir(layers: Int = 1, leak: Double = 0.4, f: Activation = Activation.TANH, storage: Rows.Storage = Rows.Storage.AUTO) =
    new LeakyReservoir(23, layers, 0.2, 0.9, 0.5, 0.7, leak, f, storage)

  private def rows(x: Features): Vector[Vector[Double]] = Vector.tabulate(x.samples) { s =>
    val row = new Array[Double](x.units)
    x.read(s, row, 0)
    row.toVector
  }

  private def states(r: LeakyReservoir, batch: Int, backend: Backend): Vector[Vector[Double]] = {
    val s = new States(r, images.columns, batch, 11, backend)
    try (0 until images.count by batch).toVector.flatMap { from =>
      rows(s.after(images, from, batch min (images.count - from)))
    } finally s.close()
  }

  for (layers <- 1 to 2; f <- Activation.values; leak <- Seq(0.4, 1.0)) {
    test(s"the state is that of the equations in float64: $layers layers, $f, leak $leak") {
      val r = reservoir(layers, leak, f)
      val actual = states(r, 3, Generators.compiled.head)
      for (k <- 0 until images.count; u <- 0 until layers * 23)
        assert((actual(k)(u) - expected(r, k)(u)).abs < 2e-6, s"image $k, unit $u")
    }
  }

  private def expected(r: LeakyReservoir, image: Int): Vector[Double] = {
    val s = Array.fill(r.layers)(new Array[Double](r.units))
    for (row <- 0 until images.rows) {
      var u = Array.tabulate(images.columns)(c => images.pixel(image, row, c) / 255.0)
      for (l <- 0 until r.layers) {
        val (win, w) = (matrix(r.input(u.length), s"layer$l.w_in"), matrix(r.recurrent, s"layer$l.w"))
        val next = Array.tabulate(r.units) { j =>
          val h = u.indices.map(i => u(i) * win(i)(j)).sum + s(l).indices.map(i => s(l)(i) * w(i)(j)).sum
          (1 - r.leak) * s(l)(j) + r.leak * (if (r.activation == Activation.TANH) math.tanh(h) else h max 0)
        }
        s(l) = next
        u = next
      }
    }
    s.flatten.toVector
  }

  private val known = scala.collection.mutable.Map.empty[(Connectivity, String), Array[Array[Float]]]

  /** The weights under the seed and name of the suite's reservoirs, by presynaptic unit. */
  private def matrix(c: Connectivity, name: String): Array[Array[Float]] = known.getOrElseUpdate((c, name), {
    import scala.jdk.CollectionConverters._
    import spindle.backend.Arguments
    import spindle.ir._
    Array.tabulate(c.pre) { i =>
      val t = new Trace("row")
      t.declare(Variable.of("x", Type.vector(DType.F32, c.pre)))
      t.declare(Variable.of("y", Type.vector(DType.F32, c.post)))
      t.store("y", t.propagate(t.load("x"), c.rows(name, Rows.Storage.STORED), Direction.ALONG, DType.F32))
      val e = new ReferenceBackend().load(t.finish(), new Arguments(c.arguments(name, 11), Set.empty[String].asJava))
      e.write("x", Array.tabulate(c.pre)(k => if (k == i) 1.0 else 0.0))
      e.run(0, 1)
      val y = new Array[Float](c.post)
      e.read("y", y)
      y
    }
  })

  test("batch, storage and backend change no bit") {
    for (layers <- 1 to 2) {
      val alone = states(reservoir(layers), 1, new ReferenceBackend)
      for (backend <- Generators.others; batch <- Seq(1, 2, 7, 32, 131); storage <- Rows.Storage.values)
        assert(states(reservoir(layers, storage = storage), batch, backend) === alone, s"$batch $storage ${backend.device}")
    }
  }

  test("a leak of 1 forgets the state before, a small one keeps it") {
    val blank = new Images(5, 4, 2, new Array[Byte](20), new Array[Byte](1))
    val s = new States(reservoir(), 4, 1, 11, Generators.compiled.head)
    assert(rows(s.after(blank, 0, 1)).head.forall(_ == 0))
    assert(rows(s.after(images, 0, 1)).head.exists(_ != 0))
    assert(rows(s.after(blank, 0, 1)).head.forall(_ == 0), "an image must not see the one before")
  }

  test("recurrent weights have the spectral radius that is asked for") {
    val r = new LeakyReservoir(400, 1, 0.1, 1.3, 0.1, 0.3, 0.3, Activation.TANH, Rows.Storage.STORED)
    val product = new Product(Form.of(r.recurrent, Direction.ALONG, Input.VECTOR), 5, Generators.compiled.head)
    var x = Array.fill(400)(random.nextGaussian().toFloat)
    var log = 0.0
    val y = new Array[Float](400)
    for (k <- 0 until 300) {
      product.multiply(x)
      product.result(y)
      val norm = math.sqrt(y.map(v => v.toDouble * v).sum)
      if (k >= 100) log += math.log(norm)
      x = y.map(v => (v / norm).toFloat)
    }
    // Eigenvalues fill a disc (circular law); its edge is off by a few percent at 400 units.
    assert((math.exp(log / 200) / 1.3 - 1).abs < 0.1)
  }

  test("what makes no reservoir is refused with the value") {
    def refused(message: String)(make: => Any) =
      assert(intercept[IllegalArgumentException](make).getMessage === message)
    refused("units must be at least 1, got 0.0")(new LeakyReservoir(0, 1, 0.1, 1, 0.1, 1, 0.3, Activation.TANH, Rows.Storage.AUTO))
    refused("leak must be in (0, 1], got 0.0")(new LeakyReservoir(5, 1, 0.1, 1, 0.1, 1, 0, Activation.TANH, Rows.Storage.AUTO))
    refused("p must be in [0, 1], got 2.0")(new LeakyReservoir(5, 1, 2, 1, 0.1, 1, 0.3, Activation.TANH, Rows.Storage.AUTO).recurrent)
  }
}
