package spindle.bench

import java.nio.ByteOrder
import java.nio.file.{Files, Path}

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

/** The benchmark reports what it ran, and the network it writes is the one it ran. */
class BalancedBenchSuite extends AnyFunSuite {
  private def run(options: String*): Map[String, AnyRef] = {
    val small = Seq("--neurons", "200", "--duration", "20ms") ++ options
    BalancedBench.lif(new Options(small.toArray, 0, BalancedBench.OPTIONS)).run().asScala.toMap
  }

  private def hh(options: String*): Map[String, AnyRef] = {
    val small = Seq("--neurons", "200", "--duration", "20ms") ++ options
    BalancedBench.hh(new Options(small.toArray, 0, BalancedBench.OPTIONS)).run().asScala.toMap
  }

  test("Hodgkin-Huxley neurons: storage and backend change no spike, the script's conductances do") {
    val runs = Seq(hh(), hh("--storage", "regenerated"), hh("--backend", "reference"))
    assert(runs.map(_("spike_hash")).distinct.size === 1 && runs.head("name") === "coba-hh")
    assert(hh("--weights", "literal")("spike_hash") !== runs.head("spike_hash"))
  }

  test("a dumped network of Hodgkin-Huxley neurons ends with their conductances") {
    val file = Files.createTempFile("network", ".bin")
    try {
      val synapses = hh("--dump", file.toString)("synapses").asInstanceOf[Long]
      val header = this.header(file)
      assert(header("w_e") === 6.0 && header("w_i") === 67.0 && !header.contains("a"))
      assert(Files.size(file) === 16 + 32 * header.size + 4 * 201 + 2 * synapses + 3 * 4 * 200)
    } finally Files.delete(file)
  }

  test("storage, backend and repetition change no spike") {
    val hashes = Seq(
      run(), run("--storage", "regenerated"), run("--connectivity", "jit"),
      run("--backend", "reference", "--repeat", "1"), run("--repeat", "3"))
      .map(_("spike_hash"))
    assert(hashes.distinct.size === 1)
  }

  test("events are counted, not estimated: every storage and law agrees with the reference") {
    for (law <- Seq("fixed-p", "fixed-out-degree", "fixed-in-degree")) {
      val events = Seq(Seq("--storage", "stored"), Seq("--storage", "regenerated"), Seq("--backend", "reference"))
        .map(how => run(Seq("--connectivity", law, "--repeat", "1") ++ how: _*)("events"))
      assert(events.distinct.size === 1, law)
    }
    val regular = run("--connectivity", "fixed-out-degree")
    assert(regular("events") === 80 * regular("spikes").asInstanceOf[Long])
  }

  test("a time stands beside the events it was for, and the memory that is held") {
    for (how <- Seq(Seq(), Seq("--connectivity", "jit"), Seq("--connectivity", "jit", "--repeat", "2"))) {
      val line = run(how: _*)
      val events = line("events").asInstanceOf[Long]
      assert(events > 0 && line("ns_per_event") === line("run_s").asInstanceOf[Double] * 1e9 / events)
      assert(line("held_bytes").asInstanceOf[Long] > 0 && !line.contains("peak_bytes"))
    }
  }

  test("another seed is another network") {
    assert(run("--seed", "2")("spike_hash") !== run()("spike_hash"))
  }

  test("a dumped network has the synapses that were run") {
    val file = Files.createTempFile("network", ".bin")
    try {
      val synapses = run("--dump", file.toString)("synapses").asInstanceOf[Long]
      val header = this.header(file)
      assert(header("synapses") === synapses.toDouble)
      assert(header("neurons") === 200.0)
      assert(math.abs(header("decay_e") - math.exp(-0.1 / 5)) < 1e-7)
    } finally Files.delete(file)
  }

  private def header(file: Path): Map[String, Double] = {
    val bytes = java.nio.ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN)
    val magic = new Array[Byte](8)
    bytes.get(magic)
    assert(new String(magic, "US-ASCII") === "SPINDLEN")
    assert(bytes.getInt() === 1)
    (0 until bytes.getInt()).map { _ =>
      val name = new Array[Byte](24)
      bytes.get(name)
      new String(name, "US-ASCII").trim -> bytes.getDouble()
    }.toMap
  }

  test("options that are unknown, empty or no numbers are refused by name") {
    def message(options: String*) = intercept[IllegalArgumentException](run(options: _*)).getMessage
    assert(message("--neuron", "5").startsWith("unknown option --neuron; known: "))
    assert(message("--seed") === "--seed needs a value")
    assert(message("--repeat", "two") === "--repeat takes whole numbers from 1 to 2147483647, got two")
    assert(message("--duration", "5").startsWith("sim.duration: number without unit"))
    assert(message("--connectivity", "jit", "--storage", "stored") === "--connectivity jit is fixed-p with --storage regenerated, " +
      "got --storage stored; use --connectivity fixed-p to store synapses")
    run("--connectivity", "jit", "--storage", "regenerated")
    val few = "net.degree = 80 must be at most net.neurons = 40: a neuron has at most one synapse from each; lower the degree"
    for (law <- Seq("jit", "fixed-p", "fixed-in-degree"))
      assert(intercept[IllegalArgumentException](
        BalancedBench.lif(new Options(Array("--neurons", "40", "--connectivity", law), 0, BalancedBench.OPTIONS))).getMessage === few)
    for (enough <- Seq(Seq("--neurons", "80"), Seq("--neurons", "40", "--weights", "literal")))
      BalancedBench.lif(new Options(enough.toArray, 0, BalancedBench.OPTIONS))
    assert(message("--connectivity", "small-world").startsWith("--connectivity: expected one of fixed-p, jit,"))
  }
}
