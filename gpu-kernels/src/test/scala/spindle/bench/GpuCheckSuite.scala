package spindle.bench

import java.nio.file.{Files, Path, Paths}

import scala.jdk.CollectionConverters._
import scala.sys.process._

import org.scalatest.funsuite.AnyFunSuite
import spindle.backend.cuda.StandIn

/** The whole check in processes of their own, on the stand-in driver and in the least sizes. */
class GpuCheckSuite extends AnyFunSuite {
  /** Exit code, what was saved, and the lines by section as they were told. */
  private def check(environment: Seq[(String, String)], arguments: String*): (Int, String, Vector[String]) = {
    StandIn.missing.foreach(cancel(_))
    val out = Files.createTempFile("gpu-check", ".json")
    try {
      val java = Paths.get(sys.props("java.home"), "bin", "java").toString
      val command = Seq(java, "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", sys.props("java.class.path"), "spindle.bench.Main",
        "gpu-check", "--json", "--small", "--out", out.toString) ++ arguments
      val told = Vector.newBuilder[String]
      val driver = "LD_LIBRARY_PATH" -> StandIn.library.getParent.toString
      val noSanitizer = "PATH" -> "" // it expects a device behind the driver
      val code = Process(command, None, environment ++ Seq(driver, noSanitizer): _*).!(ProcessLogger(_ => (), told += _))
      (code, Files.readString(out), told.result().filter(_.startsWith("{\"section\"")))
    } finally Files.delete(out)
  }

  private def sections(told: Vector[String], what: String): Vector[String] =
    told.filter(_.contains(what)).map("\"section\":\"([^\"]*)\"".r.findFirstMatchIn(_).get.group(1))

  test("every section runs, its bits equal, and one file has all of it") {
    val (code, saved, told) = check(Seq())
    assert(code === 0, told)
    assert(sections(told, "\"ok\":true") === Vector("device", "launch-block_shared", "launch-block", "launch-cluster", "launch-grid",
      "agreement-block_shared", "agreement-block", "agreement-cluster", "agreement-grid", "agreement-products", "agreement-bptt", "pack",
      "coba-lif-100-block_shared", "coba-lif-100-block", "coba-lif-100-cluster", "coba-lif-100-grid", "coba-hh-100", "bptt", "jit-100"))
    assert(sections(told, "\"skipped\"").contains("tests"))
    for (found <- Seq("\"failed\":[]", "\"name\":\"launch\"", "\"name\":\"coba-lif-pack\"", "\"name\":\"coba-hh\"", "\"name\":\"bptt\"",
        "\"operator\":\"mv_prob_normal\"", "\"shape\":\"cluster x1\"", "\"run_unrecorded_s\":"))
      assert(saved.contains(found), saved)
    assert("\"equal\":true".r.findAllIn(saved).size >= 10 && !saved.contains("\"equal\":false"))
  }

  test("a section that fails, and one that takes too long, leave the others alone; the file says why") {
    val (code, saved, told) = check(Seq("SPINDLE_STANDIN_PLANT" -> "3"), "--only", "device,launch-block,launch-cluster,launch-grid")
    assert(code === 1)
    assert(sections(told, "\"ok\":true") === Vector("device", "launch-block_shared", "launch-block", "launch-grid"), told)
    assert(saved.contains("\"failed\":[\"launch-cluster\"]") && saved.contains("race"), saved)
    val (late, ended, tellings) = check(Seq(), "--only", "coba-lif", "--sizes", "4000000", "--timeout", "2")
    assert(late === 1 && sections(tellings, "\"ok\":false").size === 4)
    assert("ended after 2 s".r.findAllIn(ended).size === 4, ended)
  }

  test("of suites that were ended it is told what had passed and failed") {
    val lines = Seq("Run starting.", "AlphaSuite:", "- one", "- two *** FAILED ***", "  1 did not equal 2 (AlphaSuite.scala:3)",
      "BetaSuite:", "- three", "- four !!! CANCELED !!!", "  no stand-in", "- five")
    assert(GpuCheck.report(lines.asJava).asScala === Seq("- two *** FAILED ***", "passed before the end: AlphaSuite 1",
      "passed before the end: BetaSuite 2"))
    val whole = "Tests: succeeded 3, failed 1, canceled 1, ignored 0, pending 0"
    assert(GpuCheck.report((lines :+ whole).asJava).asScala === Seq("- two *** FAILED ***", whole))
  }

  test("without a GPU it says so and exits as for a configuration that is wrong") {
    val (code, _, told) = check(Seq("SPINDLE_STANDIN_DEVICES" -> "0"))
    assert(code === 2 && told.isEmpty)
  }
}
