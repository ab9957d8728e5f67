package spindle.task

import org.scalatest.funsuite.AnyFunSuite
import spindle.ir.Generators
import spindle.sim.Backends
import spindle.train.readout.{Features, Ridge}
import spindle.train.reservoir.States

import scala.jdk.CollectionConverters._

/** FORCE learns at every step, with its output fed back. */
@spindle.Gpu
class ReservoirForceSuite extends AnyFunSuite {
  private val task = new Reservoir

  private def trial(backend: String, values: (String, String)*): Trial = {
    val parameters = task.describe.parameters
    val changes = (Seq("readout.kind" -> "force", "res.p_in" -> "0.5") ++ values)
      .map { case (k, v) => k -> Value.parse(parameters.asScala.find(_.name == k).get, v) }
    new Trial(Settings.defaults(parameters).`with`(changes.toMap.asJava), 4, backend, Recording.NONE, null)
  }

  private def run(t: Trial): Outcome = task.run(t, new Recorder {
    override def spikes(chunk: Recorder.SpikeChunk): scala.Unit = fail("a reservoir has no spikes")
    override def trace(chunk: Recorder.TraceChunk): scala.Unit = fail("a reservoir has no traces")
    override def workspace: Workspace = Workspace.NONE
  })

  private def exact(o: Outcome): Map[String, Double] =
    o.metrics.asScala.toMap.view.filterKeys(_.startsWith("accuracy")).mapValues(_.doubleValue).toMap

  test("without feedback, one epoch gives the ridge solution of the states after all rows") {
    val work = task.work(trial("cpu", "res.n" -> "30", "data.train" -> "40", "data.test" -> "10"))
    val images = work.images.train
    val states = new States(work.reservoir, images.columns, 1, work.seed, Backends.named("cpu"))
    val all = for (i <- 0 until images.count; row <- 0 until images.rows) yield {
      if (row == 0) states.reset()
      states.step(images, i, 1, row)
      val h = new Array[Double](30)
      states.states(1).read(0, h, 0)
      h -> images.labels.apply(i)
    }
    states.close()
    val x = Features.bySample(all.flatMap(_._1).toArray, all.size, 30)
    val ridge = new Ridge(10, false).fit(x, Features.oneHot(all.map(_._2).toArray, 10))
    val force = new ReservoirForce(work, new ReservoirForce.How(1, 0, 0, 0.1)).run().readout
    // Both solve (X'X + 10 I) W = X'Y; eigenvalues of X'X are below 320 x 30.
    assert(ridge.weights.zip(force.weights).map { case (a, b) => (a - b).abs }.max < 1e-9)
    assert(ridge.weights.map(_.abs).max > 0.1)
  }

  test("every backend learns the same bits, whatever the storage") {
    val few = Seq("res.n" -> "20", "data.train" -> "30", "data.test" -> "10")
    val expected = exact(run(trial("reference", few: _*)))
    assert(expected.keySet === Set("accuracy_test", "accuracy_test_se", "accuracy_train"))
    for (backend <- Generators.names; storage <- Seq("stored", "regenerated"))
      assert(exact(run(trial(backend, few :+ "res.storage" -> storage: _*))) === expected, s"$backend, $storage")
  }

  test("digits are learnt far above chance, with feedback and without; feedback and epochs make a difference") {
    def accuracy(values: (String, String)*): Double =
      run(trial("cpu", Seq("res.n" -> "100", "data.train" -> "400") ++ values: _*)).metrics.get("accuracy_test")
    val all = Seq(accuracy("readout.feedback" -> "0"), accuracy(), accuracy("readout.epochs" -> "2"))
    val late = accuracy("readout.skip" -> "6")
    assert(all.forall(_ > 0.4) && late > 0.6 && (all :+ late).toSet.size === 4, s"$all $late")
  }

  test("an image must have a row to learn from") {
    val e = intercept[IllegalArgumentException](run(trial("cpu", "readout.skip" -> "8")))
    assert(e.getMessage === "readout.skip = 8 must be below the 8 rows of an image")
  }

  test("it shares nothing, and its matrix and its steps are in what is predicted") {
    val t = trial("cpu", "res.n" -> "20000", "readout.epochs" -> "3")
    assert(task.shared(t) === Task.Shared.NOTHING)
    assert(task.cost(t).bytes > 8.0 * 20000 * 20000)
    assert(task.cost(t).seconds > 3 * 1297 * 8 * 20000.0 * 20000 * 1e-9)
  }
}
