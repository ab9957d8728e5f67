package spindle.task

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

/** What spindle models lists of the parts. */
class CatalogueSuite extends AnyFunSuite {
  test("every part is named once and says what it does") {
    val parts = Catalogue.parts.asScala.toSeq
    assert(parts.map(_.name).distinct.size === parts.size)
    assert(parts.forall(p => p.about.nonEmpty && p.kind.nonEmpty))
  }

  test("parameters stand with their units, in the order of the record") {
    val lif = Catalogue.parts.asScala.find(_.name == "lif").get
    assert(lif.parameters.startsWith("tau [ms], vRest [mV], vThreshold [mV]"))
  }

  test("a part whose units do not match its record is refused") {
    val lif = Catalogue.parts.asScala.find(_.name == "lif").get
    val e = intercept[IllegalArgumentException](new Catalogue.Part("neuron", "x", lif.`type`, lif.units.subList(0, 2), "y"))
    assert(e.getMessage.contains("one unit per component"))
  }
}
