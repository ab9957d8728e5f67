package spindle.backend.cuda

import org.scalatest.funsuite.AnyFunSuite

class RoomSuite extends AnyFunSuite {
  private def device: Device = {
    StandIn.unseen.foreach(cancel(_))
    StandIn.device.get
  }

  test("a device takes as many trials as 0.6 of its free memory holds, at least one, at most 8 per multiprocessor") {
    val blocks = 8 * device.multiprocessors
    try for (free <- Seq(1000L, 1000000L, 100000000L); fitting <- Seq(0.01, 1.5, 3.5, blocks - 0.5, blocks + 1.5, 1e4)) {
      StandIn.room(free)
      val expected = math.max(1, math.min(math.floor(fitting), blocks)).toInt
      assert(Room.of(device, 0.6 * free / fitting) === expected, s"$free bytes, $fitting trials")
    } finally StandIn.freeBytes(1L << 30)
  }

  test("a trial that is said to need nothing is no reason to take more") {
    assert(Room.of(device, 0) === 8 * device.multiprocessors)
  }
}
