package spindle.result

import org.scalatest.funsuite.AnyFunSuite
import org.scalatestplus.scalacheck.ScalaCheckPropertyChecks

class LedgerSuite extends AnyFunSuite with ScalaCheckPropertyChecks {
  test("a ledger answers like a map in which a failure never replaces another end") {
    forAll { (steps: List[(Short, Byte)]) =>
      val ledger = new Ledger
      val model = collection.mutable.Map[String, TrialStatus]()
      for ((k, s) <- steps) {
        val key = Digests.text(k.toString).substring(0, 32)
        val status = TrialStatus.values()(Math.floorMod(s.toInt, 4))
        ledger.put(key, status)
        if (model.get(key).forall(_ == TrialStatus.FAILED)) model(key) = status
      }
      assert(ledger.size === model.size)
      assert(ledger.repeats === steps.size - model.size)
      model.foreach { case (k, s) => assert(ledger.status(k).get === s) }
      assert(ledger.status("0" * 32).isEmpty)
    }
  }

  test("a ledger holds many keys") {
    val ledger = new Ledger
    val keys = (0 until 20000).map(i => Digests.text(i.toString).substring(0, 32))
    keys.foreach(ledger.put(_, TrialStatus.OK))
    assert(ledger.size === keys.size)
    assert(keys.forall(ledger.status(_).isPresent))
  }
}
