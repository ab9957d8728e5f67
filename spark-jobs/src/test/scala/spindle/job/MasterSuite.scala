package spindle.job

import java.net.{InetAddress, ServerSocket}
import org.scalatest.funsuite.AnyFunSuite

class MasterSuite extends AnyFunSuite {
  private def refusal(work: => Unit): String = intercept[UnusableMaster](work).getMessage

  private def closedPort: Int = {
    val socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress)
    try socket.getLocalPort
    finally socket.close()
  }

  test("what is no master is refused by option and value") {
    for (url <- Seq("bogus://x", "local[", "local[x]", "spark://host", "spark://host:port", "spark://a:1,", "", "127.0.0.1:7077"))
      assert(refusal(new Master("--master", url).demandForm()).startsWith(s"--master $url: is no Spark master; give local[*], "))
  }

  test("every form of master that Spark knows is let through") {
    for (
      url <- Seq("local", "local[*]", "local[4]", "local[2,3]", "local[*,3]", "local-cluster[2,1,1024]") ++
        Seq("spark://host:7077", "spark://a:7077,b:7077", "yarn", "k8s://https://host:443")
    ) new Master("--master", url).demandForm()
  }

  test("a standalone master that does not answer is refused at once, one that does is let through") {
    val nobody = s"spark://127.0.0.1:$closedPort"
    assert(refusal(new Master("--master", nobody).demandAnswer()) ===
      s"--master $nobody: does not answer (${nobody.drop(8)} refuses the connection); is it running?")
    assert(refusal(new Master("spark.master", "spark://no.such.host.invalid:1").demandAnswer())
      .startsWith("spark.master spark://no.such.host.invalid:1: does not answer (no.such.host.invalid:1 is no known host)"))
    val door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress)
    try new Master("--master", s"$nobody,127.0.0.1:${door.getLocalPort}").demandAnswer()
    finally door.close()
    new Master("--master", "local[2]").demandAnswer()
  }
}
