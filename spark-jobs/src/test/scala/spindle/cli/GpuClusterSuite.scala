package spindle.cli

import java.nio.file.Files
import java.nio.file.attribute.PosixFilePermissions

import org.scalatest.funsuite.AnyFunSuite
import org.scalatest.tagobjects.Slow
import picocli.CommandLine
import spindle.result.Table

/** Sweeps on a cluster of one worker with one GPU, the stand-in: executors are processes of their own, and are replaced. */
class GpuClusterSuite extends AnyFunSuite with GpuProcesses {
  override def sweep: String = "lost-contexts"

  private val yaml =
    """sweep: lost-contexts
      |schema: 1
      |model: coba-lif
      |fixed: {net.neurons: 60, net.degree: 12, sim.duration: 40 ms}
      |axes:
      |  input.drive: {values: [0 mV, 20 mV, 30.5 mV, 60 mV]}
      |replicates: {n: 1, seed: 42}
      |record:
      |  spikes: {populations: [E, I], chunk: 20 ms}
      |  traces: [{population: E, variable: v, neurons: 2, every: 2 ms}]
      |execution: {backend: cuda, partitions: 2, failures: {max_fraction: 1.0}}
      |""".stripMargin

  private def config: String = {
    val file = root.resolve("gpu.yaml")
    if (!Files.exists(file)) Files.writeString(file, yaml)
    file.toString
  }

  private def discovery(address: String): String = {
    val script = Files.writeString(root.resolve("gpus-" + address),
      s"#!/bin/sh\necho '{\"name\": \"gpu\", \"addresses\": [\"$address\"]}'\n")
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------")).toString
  }

  /** Runs the sweep with a worker of one core and one GPU, and executors that ask for some. */
  private def onCluster(folder: String, gpus: Int, settings: (String, String)*): (Int, Seq[String]) =
    onCluster("cuda", folder, gpus, settings)

  private def onCluster(backend: String, folder: String, gpus: Int, settings: Seq[(String, String)]): (Int, Seq[String]) = {
    val stand = library.fold(cancel(_), _.getParent.toString)
    val all = Seq(
      "spark.worker.resource.gpu.amount" -> "1",
      "spark.worker.resource.gpu.discoveryScript" -> discovery("0"),
      "spark.executor.resource.gpu.amount" -> gpus.toString,
      "spark.task.resource.gpu.amount" -> "1",
      "spark.executorEnv.LD_LIBRARY_PATH" -> stand) ++ settings
    onCluster(Seq("run", config, "--root", root.resolve(folder).toString, "--set", "execution.backend=" + backend), all)
  }

  test("an executor that lost its GPU is replaced, and only the trial that it was lost by fails", Slow) {
    val poison = Seq("SPINDLE_STANDIN_POISON" -> "30.5", "SPINDLE_STANDIN_POISON_CODE" -> "700")
    val (code, said) = onCluster("cluster", 1, poison.map { case (k, v) => s"spark.executorEnv.$k" -> v }: _*)
    assert(code === 3, said.mkString("\n"))
    val replaced = """executor (\d+) has lost its GPU \(cuLaunchKernel: CUDA error 700, planted\) and is replaced""".r
    val executors = said.flatMap(l => replaced.findFirstMatchIn(l)).map(_.group(1))
    assert(executors.size >= 2 && executors.distinct === executors, "with its pack, then alone")

    assert(count("cluster", "status", "params['input.drive'] = 30.5") ===
      Map(Seq("ok", false) -> 3L, Seq("failed", true) -> 1L))
    assert(rows("cluster", Table.FAILURES).select("class", "retryable", "message").collect().map(_.toSeq).toSeq ===
      Seq(Seq("cuda_fatal", true, "CudaError: cuLaunchKernel: CUDA error 700, planted")))
    assert(count("cluster", "backend", "status") === Map(Seq("cuda", "ok") -> 3L, Seq("cuda", "failed") -> 1L))

    spark // in this process, on the CPU
    val here = Seq(config, "--root", root.resolve("cpu").toString, "--set", "execution.backend=cpu")
    assert(new CommandLine(new RunCommand((_, sweep) => sweep)).execute(here: _*) === 0)
    assert(results("cluster", "status = 'ok'") === results("cpu", "params['input.drive'] <> 30.5"))
  }

  test("an executor that lost its GPU and gets another task ends itself when nobody else ends it; a driver and a sound executor go on", Slow) {
    def begins(executor: String, drive: Double, limitMs: Long): (Int, Seq[String]) =
      process("spindle.job.LostMain", Nil, Seq(executor, drive.toString, limitMs.toString),
        "SPINDLE_STANDIN_POISON" -> "30.5", "SPINDLE_STANDIN_POISON_CODE" -> "700")
    assert(begins("3", 30.5, 100) === ((1, Seq("lost its GPU"))))
    assert(begins("driver", 30.5, 60000) === ((0, Seq("lost its GPU", "goes on"))))
    assert(begins("3", 20.5, 60000) === ((0, Seq("has its GPU", "goes on"))))
  }

  test("an executor with more GPUs than any worker has is waited for, but not for ever", Slow) {
    val (code, said) = onCluster("none", 2, "spark.spindle.executorWait" -> "4s")
    assert(code === 2, said.mkString("\n"))
    assert(said.exists(_.contains("no executor has come within 4 s (spark.spindle.executorWait); is there a worker with 2 GPUs " +
      "(spark.executor.resource.gpu.amount), and does its discovery script find them?")), said.mkString("\n"))
    assert(!Files.exists(root.resolve("none").resolve(sweep).resolve("trials")))
  }

  test("a GPU that Spark assigns and no device is: auto runs on the CPU, cuda ends in a line and no trial has failed", Slow) {
    val wrong = Seq("spark.worker.resource.gpu.discoveryScript" -> discovery("GPU-none"))
    val (auto, remarks) = onCluster("auto", "auto", 1, wrong)
    assert(auto === 0, remarks.mkString("\n"))
    val why = "Spark assigned cuda:GPU-none, which cannot be used: the devices are [cuda:0 "
    assert(remarks.count(l => l.contains("backend auto on ") && l.contains(": cpu; " + why)) === 1, remarks.mkString("\n"))
    assert(count("auto", "backend", "status") === Map(Seq("cpu", "ok") -> 4L))

    val (cuda, said) = onCluster("cuda", "wrong", 1, wrong)
    assert(cuda === 2, said.mkString("\n"))
    val line = "execution.backend cuda: cuda:GPU-none: the devices are [cuda:0 "
    assert(said.count(_.contains("cuda:GPU-none")) === 1 && said.exists(_.startsWith(line)), said.mkString("\n"))
    assert(!Files.exists(root.resolve("wrong").resolve(sweep).resolve("trials")))
  }
}
