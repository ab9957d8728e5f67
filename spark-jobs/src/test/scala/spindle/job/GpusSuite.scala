package spindle.job

import java.util.List.of

import org.apache.spark.SparkConf
import org.scalatest.funsuite.AnyFunSuite
import spindle.sim.Backends

class GpusSuite extends AnyFunSuite {
  test("a task runs on the GPU that it was assigned, where its sweep lets it") {
    assert(Gpus.on("auto", of("3")) === "cuda:3" && Gpus.on("cuda", of("1", "2")) === "cuda:1")
    assert(Gpus.on("cuda", of("GPU-0a")) === "cuda:GPU-0a", "as the discovery script has it")
    assert(Gpus.on("cpu", of("3")) === "cpu" && Gpus.on("reference", of("3")) === "reference")
    assert(Gpus.on("auto", of()) === "auto" && Gpus.on("cuda", of()) === "cuda")
    assert(Gpus.assigned("auto") === "auto", "outside of a task nothing is assigned")
  }

  test("auto without an assigned GPU is the CPU, and says why") {
    assert(Backends.named(Gpus.on("auto", of())).name === "cpu")
    assert(Backends.choice.startsWith("cpu, "))
    if (Backends.missing("cuda").nonEmpty) assert(Backends.choice.contains(Backends.missing("cuda")))
  }

  private def refusal(master: String, conf: SparkConf = new SparkConf(false)): Option[String] =
    try {
      Gpus.demand("cuda", conf, new Master("--master", master))
      None
    } catch { case e: UnusableMaster => Some(e.getMessage) }

  test("a GPU that this machine has not is missed before anything starts, in one line") {
    val why = Backends.missing("cuda")
    assert(refusal("local[2]") === Option.when(why.nonEmpty)(s"execution.backend cuda: $why"))
    assert(!why.contains("\n"))
    Gpus.demand("auto", new SparkConf(false), new Master("--master", "local[2]"))
  }

  test("on a cluster Spark must be told to assign GPUs") {
    assert(refusal("spark://host:7077") === Some("--master spark://host:7077: execution.backend cuda, but Spark is to assign " +
      "no GPU to tasks; add --conf spark.task.resource.gpu.amount=1 --conf spark.executor.resource.gpu.amount=1"))
    assert(refusal("spark://host:7077", new SparkConf(false).set("spark.task.resource.gpu.amount", "1")) === None)
  }
}
