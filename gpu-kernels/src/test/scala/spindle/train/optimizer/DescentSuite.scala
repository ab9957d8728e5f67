package spindle.train.optimizer

import scala.jdk.CollectionConverters._
import scala.util.Random

import org.scalatest.funsuite.AnyFunSuite
import spindle.backend.Backend
import spindle.ir._
import spindle.train.Figures

/** Optimizers: PyTorch's numbers, the same bits on every backend, state that can be saved. */
@spindle.Gpu
class DescentSuite extends AnyFunSuite {
  private val kinds = Map[String, Optimizer]("sgd" -> new Sgd(), "momentum" -> new Momentum(), "nesterov" -> new Nesterov(),
    "rms-prop" -> new RmsProp(), "adam" -> new Adam(), "adam-w" -> new AdamW())
  private val updates = 8
  private val names = Seq("w", "b")

  private def parameters(dtype: DType) =
    java.util.List.of(Variable.of("w", Type.vector(dtype, 6)), Variable.of("b", Type.scalar(dtype)))

  private def form(optimizer: Optimizer, dtype: DType, maxNorm: Double = Double.PositiveInfinity) =
    new Descent.Form(optimizer, parameters(dtype), maxNorm)

  private def start(f: Descent.Form, backend: Backend = Generators.everywhere): Descent = {
    val d = new Descent(f, backend)
    names.foreach(n => d.set(n, Figures(s"start.$n")))
    d
  }

  private def update(d: Descent, k: Int): Unit = {
    names.foreach(n => d.gradient(n, Figures(s"gradient.$k.$n")))
    d.update(Figures("rates")(k))
  }

  private def checkFigures(kind: String, f: Descent.Form, tolerance: Double): Unit = {
    val d = start(f)
    for (k <- 0 until updates) {
      update(d, k)
      names.foreach(n => assert(Figures.difference(d.get(n), Figures(s"$kind.$k.$n"), tolerance) === None, s"$kind, update $k"))
      if (f.maxNorm.isFinite) {
        assert(Figures.difference(Array(d.norm), Figures(s"$kind.norm.$k"), tolerance) === None)
      }
    }
  }

  test("every optimizer moves parameters as PyTorch's, at a rate that changes") {
    for ((kind, optimizer) <- kinds) {
      checkFigures(kind, form(optimizer, DType.F64), 1e-13)
      checkFigures(kind, form(optimizer, DType.F32), 1e-5)
    }
  }

  test("gradients are clipped as PyTorch clips them") {
    checkFigures("clipped", form(new Sgd(), DType.F64, 2.5), 1e-13)
    checkFigures("clipped", form(new Sgd(), DType.F32, 2.5), 1e-5)
    val norms = (0 until updates).map(k => Figures.one(s"clipped.norm.$k"))
    assert(norms.min < 2.5 && norms.max > 2.5)
  }

  test("every optimizer has the same bits on every backend") {
    for ((kind, optimizer) <- kinds; dtype <- Seq(DType.F32, DType.F64); maxNorm <- Seq(0.5, Double.PositiveInfinity)) {
      val all = Generators.backends.map(b => start(form(optimizer, dtype, maxNorm), b))
      for (k <- 0 until updates) {
        all.foreach(update(_, k))
        val state = all.map(_.state.asScala.map { case (name, x) => name -> x.toSeq })
        state.tail.foreach(s => assert(s === state.head, s"$kind $dtype"))
      }
    }
  }

  test("a descent goes on from its saved state as if it had never stopped") {
    for ((kind, optimizer) <- kinds) {
      val f = form(optimizer, DType.F32, 1)
      val through = start(f)
      (0 until 3).foreach(update(through, _))
      val saved = through.state
      assert(saved.asScala.values.exists(_.exists(_ != 0)))
      val later = new Descent(f, Generators.everywhere)
      later.restore(saved)
      for (k <- 3 until updates) Seq(through, later).foreach(update(_, k))
      names.foreach(n => assert(through.get(n).toSeq === later.get(n).toSeq, kind))
    }
  }

  test("state has names, and state of another form is refused") {
    val adam = new Descent(form(new Adam(), DType.F32), Generators.everywhere)
    assert(adam.state.keySet.asScala.toSeq === Seq("b", "b.mean", "b.square", "descent.weight.0.9", "descent.weight.0.999",
      "w", "w.mean", "w.square"))
    val sgd = new Descent(form(new Sgd(), DType.F32), Generators.everywhere)
    assert(intercept[IllegalArgumentException](adam.restore(sgd.state)).getMessage.contains("got [b, w]"))
    assert(intercept[IllegalStateException](adam.norm).getMessage === "no norm: gradients are not clipped")
  }

  test("every optimizer finds the minimum of a quadratic, elements of all sizes alike") {
    val random = new Random(1)
    for ((kind, optimizer) <- kinds; n <- Seq(0, 1, 7, 64, 1000)) {
      val wanted = Array.fill(n)(random.nextGaussian().toFloat)
      val d = new Descent(new Descent.Form(optimizer, java.util.List.of(Variable.of("w", Type.vector(DType.F32, n)))),
        Generators.compiled.last)
      val w = new Array[Float](n)
      val rate = new LearningRate.Cosine(0.1, 200, 0)
      for (k <- 0 until 200) {
        d.get("w", w)
        d.gradient("w", w.indices.map(i => w(i) - wanted(i)).toArray)
        d.update(rate.at(k))
      }
      d.get("w", w)
      // AdamW is held back by its decay.
      w.indices.foreach(i => assert((w(i) - wanted(i)).abs < (if (kind == "adam-w") 0.05 else 2e-3) * (1 + wanted(i).abs), kind))
    }
  }

  test("every optimizer is listed here") {
    assert(kinds.values.map(_.getClass).toSet === classOf[Optimizer].getPermittedSubclasses.toSet[Class[_]])
  }

  test("what makes no descent is refused, with value and rule") {
    for ((message, make) <- Seq[(String, () => Any)](
        ("momentum must be in [0, 1), got 1.0", () => new Momentum(1)),
        ("momentum must be in [0, 1), got -0.1", () => new Nesterov(-0.1)),
        ("decay must be in [0, 1), got NaN", () => new RmsProp(Double.NaN, 1e-8)),
        ("beta2 must be in [0, 1), got 1.0", () => new Adam(0.9, 1, 1e-8)),
        ("epsilon must be positive and finite, got 0.0", () => new Adam(0.9, 0.99, 0)),
        ("weight decay must be at least 0, got -1.0", () => new AdamW(new Adam(), -1)),
        ("max norm must be positive, got 0.0", () => form(new Sgd(), DType.F32, 0)),
        ("parameters are floats of their own names, got i: i32[2]",
          () => new Descent.Form(new Sgd(), java.util.List.of(Variable.of("i", Type.vector(DType.I32, 2))))),
        ("parameters are floats of their own names, got descent.rate: f32",
          () => new Descent.Form(new Sgd(), java.util.List.of(Variable.of("descent.rate", Type.scalar(DType.F32))))))) {
      assert(intercept[IllegalArgumentException](make()).getMessage === message)
    }
    val twice = java.util.List.of(Variable.of("w", Type.scalar(DType.F32)), Variable.of("w", Type.scalar(DType.F32)))
    assert(intercept[IllegalArgumentException](new Descent.Form(new Sgd(), twice)).getMessage.startsWith("a parameter is there twice"))
  }
}
