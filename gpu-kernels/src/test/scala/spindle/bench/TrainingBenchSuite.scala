package spindle.bench

import java.nio.file.Files

import scala.collection.mutable
import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

class TrainingBenchSuite extends AnyFunSuite {
  private val small = Array("--inputs", "6", "--hidden", "9", "--steps", "12", "--batch", "4", "--gain", "9",
    "--warm", "0", "--rounds", "2", "--iterations", "2")

  private def bptt(more: String*): mutable.Map[String, AnyRef] =
    new BpttBench(new Options(small ++ more, 0, BpttBench.OPTIONS)).run().asScala

  test("an iteration of bptt reports its time beside the density of spikes, and learns") {
    val line = bptt("--rate", "0.5")
    assert(line("name") === "bptt" && line("synapses") === 6 * 9 + 9 * 9 + 9 * 10)
    assert(line("iteration_ms").asInstanceOf[Double] > 0 && line("density_last").asInstanceOf[Double] > 0)
    val losses = line("losses").asInstanceOf[java.util.List[Double]].asScala
    assert(losses.size === 5 && losses.last < losses.head)
    assert(bptt("--rate", "0.5", "--backend", "reference")("losses") === line("losses"), "the same bits")
  }

  test("what is dumped for the peers has sizes, a step per input, labels and weights") {
    val file = Files.createTempFile("net", ".bin")
    try {
      bptt("--dump", file.toString)
      assert(Files.size(file) === 4 * (5 + 4 * 6 + 4 + 6 * 9 + 9 * 9 + 9 * 10))
      val words = java.nio.ByteBuffer.wrap(Files.readAllBytes(file)).order(java.nio.ByteOrder.LITTLE_ENDIAN).asIntBuffer
      val steps = (5 until 29).map(words.get)
      assert((0 until 5).map(words.get) === Seq(6, 9, 10, 12, 4))
      assert(steps.forall(k => k >= 0 && k < 12) && steps.distinct.size > 3)
      assert((29 until 33).map(words.get) === Seq(0, 1, 2, 3))
    } finally Files.delete(file)
  }

  test("sgemm and the memory of many steps report what they measured") {
    val lines = mutable.Buffer.empty[mutable.Map[String, AnyRef]]
    val options = Array("--sizes", "8,24", "--warm", "0", "--seconds", "0.001", "--rounds", "1")
    new SgemmBench(new Options(options, 0, SgemmBench.OPTIONS)).run(l => lines += l.asScala)
    assert(lines.map(_("n")) === Seq(8, 24) && lines.forall(_("gflops").asInstanceOf[Double] > 0))
    val memory = new BpttMemoryBench(new Options(Array("--neurons", "200", "--steps", "100"), 0, BpttMemoryBench.OPTIONS)).run().asScala
    assert(memory("states") === 19L && memory("checkpoint_bytes").asInstanceOf[Long] > 0)
    assert(memory("rate_hz").asInstanceOf[Double] >= 0)
  }

  test("options that make no sense are refused by value") {
    def refused(o: String*) = intercept[IllegalArgumentException](bptt(o: _*)).getMessage
    assert(refused("--steps", "256") === "--steps takes at most 255, as each is a grey level; got 256")
    assert(refused("--surrogate", "arctangent").startsWith("no surrogate \"arctangent\"; known: "))
  }
}
