package spindle.connect

import java.util

import org.scalatest.funsuite.AnyFunSuite
import spindle.backend.reference.ReferenceBackend
import spindle.ir.{Direction, Generators, Rows, Table}
import spindle.sim.Product
import spindle.sim.Product.{Form, Input, Weights}

/** Synapses that are given. That every product, gradient and delay takes them, the other suites say. */
@spindle.Gpu
class CsrSuite extends AnyFunSuite {
  private val indptr = Array(0, 2, 2, 5)
  private val indices = Array(0, 3, 1, 2, 3)
  private val weights = Array(0.5f, -1, 2, 4, 8)
  private val matrix = Csr.of(4, indptr, indices, weights)

  private def product(c: Connectivity, x: Float*): Seq[Seq[Float]] =
    for (backend <- Generators.backends; storage <- Rows.Storage.values.toSeq) yield {
      val p = new Product(Form.of(c, Direction.ALONG, Input.VECTOR).withStorage(storage), 1, backend)
      p.multiply(x.toArray)
      val y = new Array[Float](p.targets)
      p.result(y)
      y.toSeq
    }

  test("a row has the columns and weights that it was given") {
    product(matrix, 1, 10, 100).foreach(y => assert(y === Seq(0.5f, 200f, 400f, 799f)))
    product(Csr.of(4, indptr, indices), 1, 10, 100).foreach(y => assert(y === Seq(1f, 100f, 100f, 101f)))
  }

  test("nobody can change it through the arrays that it came from") {
    val (begin, columns, w) = (indptr.clone, indices.clone, weights.clone)
    val c = Csr.of(4, begin, columns, w)
    Seq(begin, columns).foreach(util.Arrays.fill(_, 1))
    util.Arrays.fill(w, 7f)
    assert(c === matrix)
  }

  test("pairs in any order are the sorted rows") {
    val random = new scala.util.Random(1)
    for (_ <- 1 to 20) {
      val all = random.shuffle(Seq((0, 0, 0.5f), (0, 3, -1f), (2, 1, 2f), (2, 2, 4f), (2, 3, 8f)))
      val pairs = new Csr.Pairs(all.map(_._1).toArray, all.map(_._2).toArray, all.map(_._3).toArray)
      assert(Csr.of(3, 4, pairs) === matrix)
      assert(Csr.of(3, 4, new Csr.Pairs(pairs.pre, pairs.post)) === Csr.of(4, indptr, indices))
    }
  }

  test("nothing is regenerated that memory holds anyway, unless one asks for it") {
    assert(matrix.rows("r", Rows.Storage.AUTO).storage === Rows.Storage.STORED)
    val form = Form.of(Csr.of(1 << 17, Array(0, 1), Array(9)), Direction.ALONG, Input.EVENTS).withStorage(Rows.Storage.REGENERATED)
    val held = Seq(form, form.withStorage(Rows.Storage.STORED)).map(new Product(_, 1, Generators.compiled.head).bytes)
    assert(held.head < held.last)
  }

  test("programs have one hash where their tables are equal, another where one weight differs") {
    def hash(c: Csr) = {
      val t = new spindle.ir.Trace("p")
      t.declare(spindle.ir.Variable.of("x", spindle.ir.Type.vector(spindle.ir.DType.F32, c.pre)))
      t.propagate(t.load("x"), c.rows("r", Rows.Storage.STORED), spindle.ir.DType.F32)
      t.finish().hash
    }
    assert(hash(matrix) === hash(Csr.of(4, indptr, indices, weights)))
    val others = Seq(Csr.of(4, indptr, indices, weights.updated(4, 9f)), Csr.of(4, indptr, indices.updated(0, 1), weights),
      Csr.of(4, Array(0, 1, 2, 5), indices, weights), Csr.of(4, indptr, indices), Csr.of(5, indptr, indices, weights))
    assert((matrix +: others).map(hash).distinct.size === 6)
  }

  test("equal shapes with other weights are two matrices, though they share code") {
    val other = Csr.of(4, indptr, indices, weights.map(-_))
    product(other, 1, 10, 100).zip(product(matrix, 1, 10, 100)).foreach { case (a, b) => assert(a === b.map(-_)) }
  }

  test("weights of a product come in the order of the arrays") {
    val p = new Product(Form.of(Csr.of(4, indptr, indices), Direction.ALONG, Input.VECTOR).withWeights(Weights.PER_SYNAPSE), 1, new ReferenceBackend)
    p.weights(weights: _*)
    p.multiply(Array(1f, 10f, 100f))
    val y = new Array[Float](4)
    p.result(y)
    assert(y.toSeq === Seq(0.5f, 200f, 400f, 799f))
  }

  private def refused(message: String)(make: => Any): Unit =
    assert(intercept[IllegalArgumentException](make).getMessage === message)

  test("what are no rows is refused, with the place, the value and the rule") {
    refused("pre and post must be >= 0, got pre=0, post=-1")(Csr.of(-1, indptr, indices))
    refused("indptr must go from 0 to the number of indices, 5, got nothing")(Csr.of(4, Array[Int](), indices))
    refused("indptr must go from 0 to the number of indices, 5, got 1 to 5")(Csr.of(4, indptr.updated(0, 1), indices))
    refused("indptr must go from 0 to the number of indices, 4, got 0 to 5")(Csr.of(4, indptr, indices.init))
    refused("indptr must not descend: [1] is 6, [2] is 2")(Csr.of(4, indptr.updated(1, 6), indices))
    refused("row 2: indices must be in [0, 3), got 3")(Csr.of(3, Array(0, 0, 0, 1), Array(3)))
    refused("row 0: indices must be in [0, 4), got -1")(Csr.of(4, indptr, indices.updated(0, -1)))
    refused("row 2: column 1 comes twice; add up what such synapses weigh")(Csr.of(4, indptr, indices.updated(3, 1)))
    refused("row 2: indices must ascend, 0 comes late; sort them, or give them as Pairs")(Csr.of(4, indptr, indices.updated(3, 0)))
    refused("one weight for each of 5 synapses, got 4")(Csr.of(4, indptr, indices, weights.init))
    refused("one weight for each of 5 synapses, got 0")(Csr.of(4, indptr, indices, Array[Float]()))
    refused("weight 3 must be finite, got NaN")(Csr.of(4, indptr, indices, weights.updated(3, Float.NaN)))
    refused("indices must be i32, got f32[5]")(new Csr(4, Table.of(indptr), Table.of(weights), Table.of(weights)))
    refused("weights must be f32, got i32[5]")(new Csr(4, Table.of(indptr), Table.of(indices), Table.of(indices)))
  }

  test("what are no pairs is refused, with the pair, the value and the rule") {
    refused("as many pre as post, got 1 and 2")(new Csr.Pairs(Array(1), Array(1, 2)))
    refused("one weight for each of 2 synapses, got 1")(new Csr.Pairs(Array(1, 1), Array(1, 2), Array(1f)))
    refused("pair 1: pre must be in [0, 3), got 3")(Csr.of(3, 4, new Csr.Pairs(Array(0, 3), Array(0, 1))))
    refused("pair 0: post must be in [0, 4), got -1")(Csr.of(3, 4, new Csr.Pairs(Array(0, 3), Array(-1, 1))))
    refused("row 2: column 1 comes twice; add up what such synapses weigh")(
      Csr.of(3, 4, new Csr.Pairs(Array(2, 0, 2), Array(1, 1, 1))))
    refused("pre and post must be >= 0, got pre=-3, post=4")(Csr.of(-3, 4, new Csr.Pairs(Array(), Array())))
  }

  test("neurons whose number no array can hold are refused; columns can have any number") {
    val pairs = new Csr.Pairs(Array(1, 0), Array(2, 0))
    refused("pre must be at most 2147483583, as an array has the first synapse of each, got 2147483647")(
      Csr.of(Int.MaxValue, 3, pairs))
    val many = 2147483583
    val heap = Runtime.getRuntime.maxMemory * 1e-9
    assume(heap < 8.5)
    refused(f"rows of $many presynaptic neurons take at least 8.59 GB, and the heap has $heap%.3g GB; " +
      "number only neurons that have synapses, or enlarge the heap (-Xmx)")(Csr.of(many, 3, pairs))
    val wide = Csr.of(2, Int.MaxValue, new Csr.Pairs(Array(1, 1), Array(Int.MaxValue - 1, 5)))
    assert((0 until 2).map(wide.indices.at(_)) === Seq(5.0, Int.MaxValue - 1.0))
  }

  test("weights upon weights are refused, and rows without the table they look up") {
    refused(s"synapses have weights already: $matrix")(new Weighted(matrix, Weighted.Law.NORMAL, 0, 1).rows("r", Rows.Storage.AUTO))
    val rows = matrix.rows("r", Rows.Storage.AUTO)
    val e = intercept[IllegalArgumentException](new Rows("r", 3, 4, 1, false, rows.storage, rows.body))
    assert(e.getMessage === "r: rows look up indptr, i32[4]; got the tables {}")
  }
}
