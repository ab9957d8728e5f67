package spindle.bench

import scala.collection.mutable
import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

/** Every operator runs at a small size, and options that make no sense are refused with their value. */
class OperatorsBenchSuite extends AnyFunSuite {
  private val quick = Seq("--sizes", "60", "--batches", "3", "--rounds", "1", "--seconds", "0.001", "--work", "1e6")

  private def lines(stored: Boolean, options: String*): Seq[Map[String, Any]] = {
    val parsed = new Options((quick ++ options).toArray, 0, OperatorsBench.OPTIONS)
    val out = mutable.ArrayBuffer.empty[Map[String, Any]]
    val bench = if (stored) OperatorsBench.stored(parsed) else OperatorsBench.regenerated(parsed)
    bench.run(line => out += line.asScala.toMap)
    out.toSeq
  }

  test("an operator tells what it did: events, times and memory") {
    for ((stored, operator) <- Seq(true -> "event_csrmv", false -> "mv_prob_uniform")) {
      val Seq(line) = lines(stored, "--operators", operator, "--p", "0.1", "--fractions", "0.1")
      assert(line("operator") === operator)
      assert(line("n") === 60 && line("p") === 0.1)
      assert(line("events").asInstanceOf[Double] > 0 && line("s_per_call").asInstanceOf[Double] > 0)
    }
  }

  test("a line has the keys of every benchmark, as far as a product has them") {
    for ((stored, operator) <- Seq(true -> "event_csrmv", false -> "mm_prob_normal_t")) {
      val Seq(line) = lines(stored, "--operators", operator, "--p", "0.1", "--fractions", "0.1")
      val keys = Seq("name", "backend", "device", "neurons", "synapses", "steps", "precision", "build_s", "compile_s", "run_s",
        "first_run_s", "spikes", "events", "held_bytes", "ns_per_event")
      assert(keys.filterNot(line.contains) === Nil)
      assert(line("name") === (if (stored) "operators" else "jit-connectivity"))
      assert(line("held_bytes").asInstanceOf[Long] < 100000, "what the product holds, not the process")
      if (stored) assert(line("spikes") === 6.0)
    }
  }

  test("dense operators run at p = 1 and sparse ones elsewhere") {
    assert(lines(stored = true, "--operators", "dense_mv,csrmv", "--p", "0.1,1").map(_("operator")) === Seq("csrmv", "dense_mv"))
  }

  test("an operator without a cell is refused, and so is a run that measures nothing; of cells that do not fit it is said") {
    val rule = ": dense operators are measured at p = 1, sparse ones below"
    refused("--operators: event_dense_mv has no cell at --p 0.1" + rule)("--operators", "event_dense_mv", "--p", "0.1")
    refused("--operators: csrmv has no cell at --p 1" + rule)("--operators", "dense_mv,csrmv", "--p", "1")
    refused("nothing is measured\nleft out: csrmv, n 60, p 0.5: 1.8e+03 events are above --work 1.0e+03")(
      "--operators", "csrmv", "--p", "0.5", "--work", "1000")
    val large = Seq("--operators", "csrmv", "--p", "0.1", "--work", "1e20")
    refused("nothing is measured\nleft out: csrmv, n 1000000, p 0.1: stored synapses of 1000000 x 1000000 would be 1.000e+11, " +
      "and an array holds 2147483583; use regenerated storage")(large ++ Seq("--sizes", "1000000"): _*)
    val said = new java.io.ByteArrayOutputStream
    val err = System.err
    System.setErr(new java.io.PrintStream(said))
    try assert(lines(stored = true, large ++ Seq("--sizes", "60,1000000,2000000000"): _*).map(_("n")) === Seq(60))
    finally System.setErr(err)
    val Seq(synapses, columns) = said.toString.linesIterator.toSeq
    assert(synapses.startsWith("left out: csrmv, n 1000000, p 0.1: stored synapses"))
    assert(columns === "left out: csrmv, n 2000000000, p 0.1: at most 2^30 columns can be drawn, got 2000000000; take fewer neurons")
  }

  private def refused(message: String)(options: String*): Unit =
    assert(intercept[IllegalArgumentException](lines(stored = true, options: _*)).getMessage === message)

  test("what cannot be measured is refused with the option and its value") {
    refused("--fractions takes numbers above 0.0 up to 1.0, got 1.5")("--fractions", "1.5")
    refused("--fractions takes numbers above 0.0 up to 1.0, got -3.0")("--fractions", "-3")
    refused("--p takes numbers above 0.0 up to 1.0, got 2.0")("--p", "2")
    refused("--rounds takes whole numbers from 1 to 2147483647, got 0")("--rounds", "0")
    refused("--sizes takes whole numbers from 1 to 2147483647, got 500.9")("--sizes", "500.9")
    refused("--batches takes whole numbers from 1 to 2147483647, got 0")("--batches", "0")
    assert(intercept[IllegalArgumentException](lines(stored = true, "--storage", "stored")).getMessage.startsWith("unknown option"))
  }
}
