package spindle.job

import java.util.List.of

import org.apache.spark.SparkConf
import org.scalatest.funsuite.AnyFunSuite
import spindle.backend.cuda.Devices
import spindle.sim.Backends

class GpusSuite extends AnyFunSuite {
  private def on(backend: String, addresses: String*): String =
    Gpus.on(backend, java.util.List.of(addresses: _*), _ => "").backend

  test("a task runs on the GPU that it was assigned, where its sweep lets it") {
    assert(on("auto", "3") === "cuda:3" && on("cuda", "1", "2") === "cuda:1")
    assert(on("cuda", "GPU-0a") === "cuda:GPU-0a", "as the discovery script has it")
    assert(on("cpu", "3") === "cpu" && on("reference", "3") === "reference")
    assert(on("auto") === "auto" && on("cuda") === "cuda")
    assert(Gpus.assigned("auto") === new Gpus.Choice("auto", ""), "outside of a task nothing is assigned")
  }

  test("auto leaves an assigned GPU that cannot be used, and says why; cuda does not") {
    val choice = Gpus.on("auto", of("GPU-none", "1"), name => s"no $name")
    assert(choice === new Gpus.Choice("auto", "Spark assigned cuda:GPU-none, which cannot be used: no cuda:GPU-none"))
    assert(Gpus.on("cuda", of("GPU-none"), _ => "no") === new Gpus.Choice("cuda:GPU-none", ""))
  }

  test("a GPU cannot be used without a driver, nor by an address that no device has") {
    val missing = Backends.missing("cuda")
    val why = Gpus.unusable("cuda:GPU-none")
    assert(why === (if (missing.nonEmpty) missing else s"the devices are ${Devices.all}"))
    Devices.all.forEach(d => assert(Gpus.unusable("cuda:" + d.uuid) === ""))
  }

  test("auto without an assigned GPU is the CPU, and says why") {
    assert(Backends.named(on("auto")).name === "cpu")
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
