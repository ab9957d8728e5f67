package spindle.job

import org.scalatest.funsuite.AnyFunSuite

class EtaSuite extends AnyFunSuite {

  test("before a trial ended the prediction is told, and what runs is taken off it") {
    assert(new Eta(100, 0, 0, 10, 2).seconds(0) === 50.0)
    assert(new Eta(100, 0, 0, 10, 2).seconds(5) === 45.0)
    assert(new Eta(100, 0, 0, 1, 2).seconds(0) === 100.0, "one trial has one core")
    // Two trials of ten run; however long they take, eight are left at the predicted pace.
    assert(new Eta(100, 0, 0, 10, 2).seconds(40) === 50.0 - 9.0)
    assert(new Eta(100, 0, 0, 10, 2).seconds(60) < 0, "the first trials take longer than all should")
  }

  test("trials that take longer or shorter than predicted correct it, the more the more of them ended") {
    val far = new Eta(1e6, 1e5, 3e5, 900, 2).seconds(1.5e5)
    assert((far - 3 * 9e5 / 2).abs < 1e-3 * far)
    val short = new Eta(4, 0.6, 30, 23, 2).seconds(15)
    assert(short > 40, "a warm-up that was not predicted does not hide behind a belief")
    val little = new Eta(1e6, 0.1, 3, 999, 2).seconds(1.5)
    assert(little > 0.5e6 && little < 0.6e6, "three seconds more of one small trial say little of a million")
  }

  test("trials that went exactly as predicted leave the predicted rest, at the end nothing") {
    for (ended <- Seq(0.0, 20.0, 60.0)) assert(new Eta(100, ended, ended, 5, 2).seconds(ended / 2) === (100 - ended) / 2)
    assert(new Eta(100, 100, 120, 0, 2).seconds(60) === 0.0)
  }
}
