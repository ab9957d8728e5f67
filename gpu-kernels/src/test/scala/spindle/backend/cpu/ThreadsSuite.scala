package spindle.backend.cpu

import org.scalatest.funsuite.AnyFunSuite
import spindle.backend.Backend
import spindle.compile.{Jvm, Mode}
import spindle.connect._
import spindle.ir.{Direction, Generators, Rows}
import spindle.sim.{Networks, Product, Simulation}
import spindle.sim.Product.{Form, Input}
import spindle.task.{CobaLif, Settings, Value}

import scala.jdk.CollectionConverters._

/** Threads share the elements of vectors; how many there are changes no bit. */
class ThreadsSuite extends AnyFunSuite {
  private val n = 20000
  private val modes = Mode.PLAIN +: Seq(Mode.VECTOR).filter(_ => Jvm.hasVectors)

  private def run(form: Form, x: Array[Float], backend: Backend): Seq[Int] = {
    val product = new Product(form, 3, backend)
    try {
      val y = new Array[Float](product.targets)
      for (_ <- 0 until 2) { // the second product must not find traces of the first
        product.multiply(x)
        product.result(y)
      }
      y.toSeq.map(java.lang.Float.floatToIntBits)
    } finally product.close()
  }

  private def same(law: Connectivity, direction: Direction, modes: Seq[Mode], batch: Int = 1): Unit = {
    val random = new scala.util.Random(1)
    for (input <- Input.values; storage <- Seq(Rows.Storage.STORED, Rows.Storage.REGENERATED)) {
      val form = Form.of(law, direction, input).withStorage(storage).withBatch(batch)
      val x = Array.fill((if (direction == Direction.ALONG) law.pre else law.post) * batch) {
        if (input == Input.VECTOR) random.nextGaussian().toFloat else (random.nextInt(20) / 19).toFloat
      }
      val alone = run(form, x, new CpuBackend(Mode.PLAIN))
      for (mode <- modes; threads <- Seq(2, 3))
        assert(run(form, x, new CpuBackend(mode, threads)) === alone, s"$law $input $storage $mode $threads threads")
    }
  }

  // Threads share the chunks of regenerated rows: these have three.
  private val (pre, post) = (200, 70000)

  for {
    law <- Seq[Connectivity](new Bernoulli(pre, post, 0.01), new UniformSkips(pre, post, 0.01, false),
      new Gaussian(new Grid(10, 20, true), new Grid(250, 280, true), 2, 1, true),
      new Weighted(new Bernoulli(pre, post, 0.01), Weighted.Law.NORMAL, 0, 1))
    direction <- Direction.values
  } {
    test(s"products are the same for 1, 2 and 3 threads: $law $direction") {
      assert(law.rows("r", Rows.Storage.AUTO).chunks === 3)
      same(law, direction, modes)
    }
  }

  test("products of a large batch are the same for 1, 2 and 3 threads: rows in chunks, sorted by target") {
    same(new Weighted(new Bernoulli(60, 70000, 0.05), Weighted.Law.UNIFORM, -1, 2), Direction.ALONG, modes.takeRight(1), 131)
  }

  for (direction <- Direction.values) {
    test(s"products with every connectivity are the same for 1, 2 and 3 threads, $direction") {
      Generators.connectivities(64, 65).foreach(same(_, direction, modes.takeRight(1)))
    }
  }

  test("a network spikes the same for 1, 2 and 3 threads") {
    val parameters = new CobaLif().describe.parameters
    val changes = Map("net.neurons" -> s"$n", "sim.dt" -> "0.1 ms")
      .map { case (k, v) => k -> Value.parse(parameters.asScala.find(_.name == k).get, v) }
    for (storage <- Seq("stored", "regenerated"); law <- Seq("constant", "uniform")) {
      val all = if (law == "constant") for (mode <- modes; threads <- 1 to 3) yield new CpuBackend(mode, threads)
        else Seq(1, 2).map(new CpuBackend(Mode.PLAIN, _))
      val own = Map("net.storage" -> storage, "syn.delay_law" -> law)
        .map { case (k, v) => k -> Value.parse(parameters.asScala.find(_.name == k).get, v) }
      val settings = Settings.defaults(parameters).`with`((changes ++ own).asJava)
      val spikes = all.map(Networks.spikes(CobaLif.network(settings), _, 300))
      assert(spikes.head.size > 100)
      spikes.tail.foreach(s => assert(s === spikes.head))
    }
  }

  test("threads end with their simulation, and as many as none are refused") {
    def alive = Thread.getAllStackTraces.keySet.asScala.filter(_.getName.startsWith("spindle-")).toSet
    val before = alive // of earlier simulations, on their way out
    def workers = (alive -- before).size
    val simulation = new Simulation(Networks.network(Seq(Networks.population("cells", 7, Networks.lif()))), 1, new CpuBackend(Mode.PLAIN, 3))
    assert(workers === 2)
    simulation.close()
    val end = System.nanoTime + 5000000000L
    while (workers > 0 && System.nanoTime < end) Thread.sleep(1)
    assert(workers === 0)
    assert(intercept[IllegalArgumentException](new CpuBackend(Mode.PLAIN, 0)).getMessage === "threads must be in [1, 1024], got 0")
  }
}
