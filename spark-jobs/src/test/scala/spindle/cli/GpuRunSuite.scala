package spindle.cli

import java.nio.file.Files

import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.tagobjects.Slow
import spindle.result.Table

/** Whole sweeps on the stand-in for NVIDIA's driver, in processes that find no other. */
class GpuRunSuite extends AnyFunSuite with GpuProcesses {
  override def sweep: String = "side-by-side"

  private val yaml =
    """sweep: side-by-side
      |schema: 1
      |model: coba-lif
      |fixed: {net.neurons: 60, net.degree: 12, sim.duration: 120 ms, sim.warmup: 20 ms}
      |axes:
      |  input.drive: {values: [0 mV, 20 mV, 30.5 mV, 60 mV]}
      |replicates: {n: 2, seed: 42}
      |record:
      |  spikes: {populations: [E, I], chunk: 50 ms}
      |  traces: [{population: E, variable: v, neurons: 2, every: 2 ms}]
      |guards: {max_rate: 60 Hz, silent_after: 60 ms}
      |execution: {backend: cuda, failures: {max_fraction: 1.0}}
      |""".stripMargin

  private def sweeps(devices: Int, lines: String*): Seq[String] = {
    Files.writeString(root.resolve("gpu.yaml"), yaml)
    val (code, said) = process("spindle.cli.GpuMain", Nil, root.toString +: lines, "SPINDLE_STANDIN_DEVICES" -> devices.toString)
    assert(code === 0, said.mkString("\n"))
    said
  }

  test("a sweep on a GPU gives, bit for bit, the tables of one on the CPU; what fails in a pack is found", Slow) {
    val said = sweeps(
      1,
      "cpu 0 0 --set execution.backend=cpu",
      "cuda 0 0",
      "torn 30.5 701",
      "lost 30.5 700 --set execution.partitions=2")
    assert(said.filter(_.startsWith("==")) === Seq("== cpu 0", "== cuda 0", "== torn 3", "== lost 4"), said.mkString("\n"))

    assert(count("cpu", "backend", "shape") === Map(Seq("cpu", null) -> 8L))
    assert(count("cuda", "backend", "device", "shape") ===
      Map(Seq("cuda", "cuda:0 stand-in, compute capability 12.0, driver for CUDA 12.6", "block_shared x8") -> 8L))
    assert(count("cuda", "status").keySet === Set(Seq("ok"), Seq("stopped")))
    assert(results("cuda") === results("cpu"))
    assert(rows("cpu", Table.SPIKES).agg("n_spikes" -> "sum").first().getLong(0) > 100)

    assert(count("torn", "status") === count("cpu", "status").map {
      case (Seq("ok"), n) => Seq("ok") -> (n - 2)
      case other => other
    } + (Seq("failed") -> 2L))
    assert(results("torn", "status <> 'failed'") === results("cpu", "params['input.drive'] <> 30.5"))
    assert(rows("torn", Table.FAILURES).select("class", "message").distinct().collect().map(_.toSeq).toSeq ===
      Seq(Seq("bug", "CudaError: cuLaunchKernel: CUDA error 701, planted")))

    assert(said.exists(l => l.contains("the GPU is lost to this process (cuLaunchKernel: CUDA error 700, planted)")))
    assert(count("lost", "status") === Map(Seq("failed") -> 4L), "one pack of two, and no more")
    assert(rows("lost", Table.FAILURES).select("class", "retryable", "message").distinct().collect().map(_.toSeq).toSeq ===
      Seq(Seq("cuda_fatal", true, "CudaError: cuLaunchKernel: CUDA error 700, planted")))
    val failed = rows("lost", Table.FAILURES).select("trial_id").collect().map(_.getString(0)).toSet

    assert(sweeps(2, "lost 0 0 --retry failed --set execution.partitions=2").contains("== lost 0"))
    assert(results("lost") === results("cpu"))
    val places = rows("lost", Table.TRIALS).select("trial_id", "shape", "device").collect()
    assert(places.filter(r => failed(r.getString(0))).map(_.getString(1)).toSeq === Seq.fill(4)("block_shared x1"), "alone")
    assert(places.map(_.getString(2).takeWhile(_ != ' ')).toSet === Set("cuda:0", "cuda:1"), "two devices, a task each")
  }

  test("more GPUs than there are, or none, are refused in a line before anything is written", Slow) {
    Files.writeString(root.resolve("gpu.yaml"), yaml)
    def run(options: String*)(environment: (String, String)*): (Int, Seq[String]) =
      process("spindle.cli.Main", options, Seq("run", root.resolve("gpu.yaml").toString, "--root", root.toString), environment: _*)
    assert(run("-Dspark.task.resource.gpu.amount=3")() === ((2, Seq("spark.task.resource.gpu.amount asks for 3 GPUs, this machine " +
      "has 1: [cuda:0 stand-in, compute capability 12.0, driver for CUDA 12.6]"))))
    val (code, said) = run()("SPINDLE_STANDIN_DEVICES" -> "0")
    assert(code === 2 && said.size === 1 && said.head.startsWith("execution.backend cuda: the NVIDIA driver finds no usable GPU"))
    assert(!Files.exists(root.resolve("side-by-side")))
  }
}
