package spindle.job

import scala.jdk.CollectionConverters._

import org.apache.spark.SparkConf
import org.scalatest.funsuite.AnyFunSuite

import spindle.sweep.Secrets

class SessionsSuite extends AnyFunSuite {
  private def asked = new SparkConf(false)
    .set("spark.executor.resource.gpu.amount", "1")
    .set("spark.task.resource.gpu.amount", "0.5")
    .set("spark.hadoop.fs.s3a.secret.key", "hunter2")

  test("local mode asks for no device, for it would wait for one for ever") {
    val conf = Sessions.conf(asked, "local[2]")
    assert(!conf.getAll.exists(_._1.contains("resource.gpu")))
    assert(Sessions.conf(asked, "spark://host:7077").contains("spark.task.resource.gpu.amount"))
  }

  test("what the user sets stays, what is left open gets the baseline") {
    val conf = Sessions.conf(asked.set("spark.ui.enabled", "true"), "")
    assert(conf.get("spark.master") === "local[*]")
    assert(conf.get("spark.ui.enabled") === "true")
    assert(conf.get("spark.speculation") === "false")
  }

  test("executors compile vector loops as early as this process; nothing else of how it compiles is theirs") {
    val scaling = "-XX:CompileCommand=CompileThresholdScaling,spindle.compile.VectorLoop*::run,0.02"
    val other = List("-Xmx2g", "-XX:CompileCommand=print java.lang.String::length", "-XX:CompileCommand=CompileThresholdScaling,a.B::c,2")
    assert(Sessions.early(("-XX:CompileCommand=quiet" :: other ::: List(scaling)).asJava) === "-XX:CompileCommand=quiet " + scaling)
    assert(Sessions.early(other.asJava) === "")
    val key = "spark.executor.defaultJavaOptions"
    val mine = Sessions.conf(asked.set(key, "-Dmine"), "spark://host:7077").get(key)
    assert(mine.split(" ").last === "-Dmine", "what comes last holds")
  }

  test("secrets are hidden in settings and in texts") {
    assert(!Sessions.redacted(asked).toString.contains("hunter2"))
    val text = Secrets.redacted("root: a\npassword: hunter2\naccess_key=hunter2\n")
    assert(!text.contains("hunter2") && text.contains("root: a"))
  }
}
