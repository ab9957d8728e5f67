package spindle.cli

import java.io.{PrintWriter, StringWriter}
import java.nio.file.Path

import jcuda.driver.JCudaDriver
import picocli.CommandLine
import spindle.job.Sessions
import spindle.sim.Backends

/**
 * A driver process that finds the stand-in where NVIDIA's library would be: for each argument
 * {@code folder poison code options...} it runs the sweep of {@link GpuRunSuite} and prints what was said.
 */
object GpuMain {
  def main(args: Array[String]): Unit = {
    Sessions.start("local[2]")
    val root = Path.of(args(0))
    args.tail.foreach { line =>
      val words = line.split(' ')
      poison(words(1).toDouble, words(2).toInt)
      val (code, said) = run(Seq(root.resolve("gpu.yaml").toString, "--root", root.resolve(words(0)).toString) ++ words.drop(3))
      println(s"== ${words(0)} $code")
      said.linesIterator.foreach(l => println(s"${words(0)}: $l"))
    }
  }

  /** As driver.cpp has it: launches fail with a code while a number stands in device memory. */
  private def poison(number: Double, code: Int): Unit = {
    require(Backends.missing("cuda").isEmpty, Backends.missing("cuda"))
    JCudaDriver.cuCtxSetLimit(9005, code.toLong)
    JCudaDriver.cuCtxSetLimit(9004, java.lang.Double.doubleToRawLongBits(number))
  }

  private def run(arguments: Seq[String]): (Int, String) = {
    val text = new StringWriter
    val out = new PrintWriter(text)
    val line = new CommandLine(new RunCommand((_, sweep) => sweep)).setOut(out).setErr(out)
    val code = line.execute(arguments: _*)
    out.flush()
    (code, text.toString)
  }
}
