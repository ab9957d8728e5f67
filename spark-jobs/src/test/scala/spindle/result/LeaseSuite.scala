package spindle.result

import java.nio.file.Files
import java.time.Instant
import org.scalatest.funsuite.AnyFunSuite

class LeaseSuite extends AnyFunSuite {
  private def sweep() = Layout.of(Files.createTempDirectory("spindle-lease"), "a")
  private def owned(layout: Layout, process: String, at: Instant): Unit = {
    val owner = new Lease.Owner("01OTHER", "elsewhere", process, at.toString)
    LinkCreate.replace(layout.lease, Json.pretty(owner))
  }

  test("a live driver keeps its sweep, and the second one hears who it is") {
    val layout = sweep()
    owned(layout, "elsewhere|1|", Instant.now().minusSeconds(4))
    val refused = intercept[SweepHeldException](Lease.take(layout, "01ME", false))
    assert(refused.getMessage.startsWith("sweep a is being run by 01OTHER on elsewhere, last heartbeat 4 s ago"))
    assert(Lease.owner(layout).get.runId === "01OTHER")
  }

  test("a stale lease is taken over") {
    val layout = sweep()
    owned(layout, "elsewhere|1|", Instant.now().minusSeconds(61))
    val lease = Lease.take(layout, "01ME", false)
    assert(Lease.owner(layout).get.runId === "01ME")
    lease.close()
    assert(Lease.owner(layout).isEmpty)
  }

  test("the lease of a dead process of this machine is taken over at once") {
    val layout = sweep()
    val first = Lease.take(layout, "01FIRST", false)
    val mine = Lease.owner(layout).get.process
    val pid = ProcessHandle.current.pid
    first.close()
    owned(layout, mine.replace(s"|$pid|", "|999999999|"), Instant.now())
    Lease.take(layout, "01ME", false).close()
  }

  test("a driver whose sweep was taken does not give it away when it ends") {
    val layout = sweep()
    val first = Lease.take(layout, "01FIRST", false)
    val second = Lease.take(layout, "01SECOND", true)
    first.close()
    assert(Lease.owner(layout).get.runId === "01SECOND")
    second.close()
  }

  test("a damaged lease does not lock the sweep for ever") {
    val layout = sweep()
    Files.createDirectories(layout.runs)
    Files.writeString(layout.lease, "{\"run")
    Lease.take(layout, "01ME", false).close()
  }
}
