package spindle.train

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite
import spindle.backend.{Arguments, Backend}
import spindle.connect.AllToAll
import spindle.grad.{Adjoint, Inputs}
import spindle.ir._
import spindle.train.data.Digits
import spindle.train.initial.{Shape, VarianceScaling}
import spindle.train.loss.CrossEntropy
import spindle.train.optimizer.{Adam, Descent, LearningRate}

/** The parts of training together: softmax regression on the bundled digits, by gradients alone. */
@spindle.Gpu
class SoftmaxSuite extends AnyFunSuite {
  private val (pixels, classes, members, batches) = (64, 10, 100, 10)
  private val images = Digits.read.train

  private val step: Program = {
    val t = new Trace("softmax")
    val (b, rows) = (new Batch(t, members), new AllToAll(pixels, classes).rows("dense", Rows.Storage.STORED))
    for ((name, dtype, n) <- Seq(("x", DType.F32, pixels * members), ("w", DType.F32, pixels * classes), ("labels", DType.I32, members))) {
      t.declare(Variable.of(name, Type.vector(dtype, n)))
    }
    val y = t.transmit(t.load("x"), t.load("w"), rows, Direction.ALONG)
    val loss = b.mean(new CrossEntropy().perMember(b, y, t.load("labels")))
    t.declare(Variable.of("loss", loss.`type`))
    t.store("loss", loss)
    t.finish()
  }

  private val adjoint = Adjoint.of(step, new Inputs(java.util.Set.of("w"), java.util.Set.of()))

  private def batch(k: Int): (Array[Float], Array[Double]) = {
    val x = Array.tabulate(pixels * members)(i => images.pixel(k * members + i % members, i / members / 8, i / members % 8) / 255f)
    (x, Array.tabulate(members)(b => images.label(k * members + b).toDouble))
  }

  /** Weights after some epochs, and the loss of the first batch before and after. */
  private def train(backend: Backend, epochs: Int): (Seq[Float], Double, Double) = {
    val none = new Arguments(java.util.Map.of(), java.util.Set.of())
    val (forward, back) = (backend.load(step, none), backend.load(adjoint.program, none))
    val descent = new Descent(new Descent.Form(new Adam(), java.util.List.of(step.variable("w")), 1), backend)
    descent.set("w", VarianceScaling.kaiming(VarianceScaling.Law.UNIFORM).values(Shape.dense(pixels, classes), 1, "w"))
    val w, g = new Array[Float](pixels * classes)
    def loss(): Double = {
      val (x, labels) = batch(0)
      descent.get("w", w)
      forward.write("x", x)
      forward.write("w", w)
      forward.write("labels", labels)
      forward.run(0, 1)
      spindle.grad.Derivatives.read(forward, step.variable("loss")).head
    }
    val before = loss()
    val rate = new LearningRate.Cosine(0.05, epochs, 1e-3)
    for (epoch <- 0 until epochs; k <- 0 until batches) {
      val (x, labels) = batch(k)
      descent.get("w", w)
      back.write("x", x)
      back.write("w", w)
      back.write("labels", labels)
      back.write("bar.w", new Array[Float](w.length))
      back.write("bar.loss", Array(1.0))
      back.run(0, 1)
      back.read("bar.w", g)
      descent.gradient("w", g)
      descent.update(rate.at(epoch))
    }
    (w.toSeq, before, loss())
  }

  test("loss, adjoint, initial values and Adam together learn digits") {
    val (_, before, after) = train(Generators.compiled.last, 4)
    assert(before > 2 && after < 0.6, s"$before, $after")
  }

  test("training has the same bits on every backend") {
    val weights = Generators.backends.map(train(_, 1)._1)
    assert(adjoint.state.asScala.map(_.name).toSet === Set("x", "w", "labels"))
    weights.tail.foreach(w => assert(w === weights.head))
  }
}
