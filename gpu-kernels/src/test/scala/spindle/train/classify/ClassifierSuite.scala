package spindle.train.classify

import java.util.{Map => JMap}

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite
import spindle.backend.Backend
import spindle.backend.reference.ReferenceBackend
import spindle.connect.{AllToAll, Bernoulli, Connectivity}
import spindle.grad.surrogate.Arctan
import spindle.ir.{DType, Generators, Rows}
import spindle.model._
import spindle.model.neuron.{LeakyIntegrator, Lif}
import spindle.model.synapse.{Cuba, Exponential}
import spindle.train.Figures
import spindle.train.data.Images
import spindle.train.encode.Latency
import spindle.train.initial.Constant
import spindle.train.loop.{Minibatch, Part, Trainee}
import spindle.train.loss.FiringRate

/** Two recurrent layers of LIF neurons in front of a readout, as in figures.py. */
private class TwoLayers(dtype: DType, readout: Readout, members: Int = 5, penalty: Double = 0,
    law: (Int, Int) => Connectivity = (a, b) => new AllToAll(a, b)) {
  private val none = java.util.List.of[Input]()
  private val sizes = Map("in" -> 9, "first" -> 8, "second" -> 6, "out" -> 3)
  val pairs: Seq[(String, String)] =
    Seq("in" -> "first", "first" -> "first", "first" -> "second", "second" -> "second", "second" -> "out")
  val learned: Set[String] =
    Set("first.tau", "first.v_threshold", "first.i.tau", "second.tau", "second.v_threshold", "second.i.tau", "out.tau", "out.i.tau")
  private val synapse = Map("first" -> 8.0, "second" -> 5.0, "out" -> 6.0)

  private def lif(tau: Double, threshold: Double) = new Lif(tau, 0, threshold, 0, 0, new Initial.Constant(0))

  private val code = new Encoded(new Latency(Latency.Law.LINEAR, 20, 0.1), members, 1)

  private val network = {
    val neurons = Seq[(String, Neuron)](
      "in" -> code,
      "first" -> lif(10, 1), "second" -> lif(15, 0.75), "out" -> new LeakyIntegrator(5))
    val populations = neurons.map { case (n, neuron) => n -> new Population(n, sizes(n), neuron, none) }
    val byName = populations.toMap
    val projections = pairs.map { case (a, b) =>
      val receptor = new Receptor("i", new Exponential(synapse(b)), new Cuba)
      new Projection(s"$a-$b", byName(a).all, byName(b), receptor, law(sizes(a), sizes(b)), Rows.Storage.AUTO, 1, 0.0)
    }
    new Network("two layers", populations.map(_._2).asJava, projections.asJava, 1, dtype)
  }

  private val weights: JMap[String, Design.Weights] =
    pairs.map { case (a, b) => s"$a-$b" -> Design.Weights.free(new Constant(0.25)) }.toMap.asJava

  private def penalties: java.util.List[Design.Penalty] =
    if (penalty == 0) java.util.List.of() else java.util.List.of(Design.Penalty.onSpikes(penalty, new FiringRate(10, 1)))

  val design = new Design(network, members, 40, weights, learned.asJava, new Design.Spikes(new Arctan, 0.5),
    new Design.Objective(readout, 0, penalties))

  private val images =
    new Images(3, 3, 3, Figures("network.pixels").map(_.toByte), Figures("network.labels").map(_.toByte))

  def over[A](backend: Backend, bytes: Long = 1 << 24)(f: Classifier => A): A = {
    val samples = new ShownImages(Part.values.map(p => p -> images).toMap.asJava, code, backend)
    val classifier = new Classifier(design, samples, new Classifier.Memory(40, bytes), 3, backend)
    try f(classifier) finally classifier.close()
  }

  def gradients(c: Classifier): Map[String, Seq[Double]] =
    c.parameters.asScala.map(p => p.variable.name -> c.gradient(p.variable.name).toSeq).toMap

  def run(c: Classifier, samples: Int*): Map[String, Double] =
    c.run(new Minibatch(Part.TRAIN, samples.toArray, 0), true).asScala.view.mapValues(_.doubleValue).toMap
}

@spindle.Gpu
class ClassifierSuite extends AnyFunSuite {
  private val reference = new ReferenceBackend

  for (readout <- Readout.values; (dtype, relative) <- Seq(DType.F64 -> 1e-9, DType.F32 -> 1e-5)) {
    test(s"loss and gradients are those of PyTorch for the same equations: $readout, $dtype") {
      val layers = new TwoLayers(dtype, readout)
      val name = "network." + readout.name.toLowerCase
      layers.over(reference) { c =>
        for ((a, b) <- layers.pairs) c.set(s"$a-$b.weights", Figures(s"network.$a-$b.weights"))
        val means = layers.run(c, 0 until 5: _*)
        assert((means(Trainee.LOSS) - Figures.one(s"$name.loss")).abs <= relative * Figures.one(s"$name.loss"))
        assert(means(Classifier.SPIKES) * 5 === Figures.one(s"$name.spikes"))
        assert(means(Classifier.SPIKES) > 4, "neurons spike")
        for ((p, g) <- layers.gradients(c)) {
          assert(Figures.difference(g.toArray, Figures(s"$name.$p"), relative) === None, p)
          assert(g.exists(_ != 0), p)
        }
      }
    }
  }

  private def trained(layers: TwoLayers, backend: Backend, bytes: Long = 1 << 24, samples: Seq[Int] = 0 until 5) =
    layers.over(backend, bytes) { c =>
      for ((p, k) <- c.parameters.asScala.zipWithIndex if p.initial.length > 1)
        c.set(p.variable.name, p.initial.indices.map(i => ((i * 29 + k) % 64 - 24) / 32.0).toArray)
      (layers.run(c, samples: _*), layers.gradients(c))
    }

  for (law <- Seq[(String, (Int, Int) => Connectivity)]("dense" -> ((a, b) => new AllToAll(a, b)),
      "sparse" -> ((a, b) => new Bernoulli(a, b, 0.6)))) {
    test(s"compiled backends have the bits of the reference, states kept or computed again: ${law._1}") {
      val layers = new TwoLayers(DType.F32, Readout.MAX, penalty = 1e-4, law = law._2)
      val expected = trained(layers, reference)
      for (backend <- Generators.others) {
        assert(trained(layers, backend) === expected, backend.name)
        assert(trained(layers, backend, bytes = 1 << 17) === expected)
      }
    }
  }

  test("the bits of loss and gradients are these, on any machine and Java") {
    val bits = Seq(DType.F32, DType.F64).map { dtype =>
      val (means, gradients) = trained(new TwoLayers(dtype, Readout.MAX, penalty = 1e-4), reference)
      val all = gradients.toSeq.sortBy(_._1).flatMap(_._2) :+ means(Trainee.LOSS)
      java.util.Arrays.hashCode(all.toArray)
    }
    assert(bits === Seq(22025238, -1638862206))
  }

  test("a sample's part in loss and gradient does not depend on where it stands, nor on empty places") {
    val (full, roomy) = (new TwoLayers(DType.F64, Readout.MEAN), new TwoLayers(DType.F64, Readout.MEAN, members = 8))
    val one = trained(full, reference)
    for (other <- Seq(trained(roomy, reference), trained(full, reference, samples = Seq(3, 0, 4, 1, 2)))) {
      assert((one._1(Trainee.LOSS) - other._1(Trainee.LOSS)).abs < 1e-12)
      for ((p, g) <- one._2) assert(Figures.difference(other._2(p).toArray, g.toArray, 1e-11) === None, p)
      assert(one._1 - Trainee.LOSS === other._1 - Trainee.LOSS)
    }
  }

  test("what makes no classifier is refused by name") {
    val layers = new TwoLayers(DType.F32, Readout.MAX)
    val d = layers.design
    def refused(f: => Any) = intercept[IllegalArgumentException](f).getMessage
    assert(refused(new TwoLayers(DType.F32, Readout.MAX).over(reference, bytes = 1000)(_ => ())).contains("the budget is 1000 B"))
    val unknown = new Design(d.network, 5, 40, JMap.of("x", Design.Weights.free(new Constant(0))), d.parameters, d.spikes, d.loss)
    val none = new ShownImages(JMap.of[Part, Images](), d.network.populations.get(0).neuron.asInstanceOf[Encoded], reference)
    assert(refused(new Classifier(unknown, none, new Classifier.Memory(40, 1 << 24), 3, reference)) ===
      "two layers has no projection x to learn")
    assert(refused(new Design.Spikes(new Arctan, 0)).endsWith("got 0.0"))
    val out = d.network.populations.get(3)
    assert(refused(new Design(new Network("n", java.util.List.of(out, out.getClass.cast(new Population("o", 1, out.neuron, out.inputs))),
      java.util.List.of(), 1, DType.F32), 5, 40, JMap.of(), java.util.Set.of(), d.spikes, d.loss))
      .startsWith("n: the first population must be a stimulus"))
  }
}
