package spindle.task

import java.nio.file.{Files, Path}

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

/** What spindle models lists of the parts. */
class CatalogueSuite extends AnyFunSuite {
  private val parts = Catalogue.parts.asScala.toSeq
  private val lif = parts.find(_.name == "lif").get

  test("every part is named once and says what it does, and who says so") {
    assert(parts.map(_.name).distinct.size === parts.size)
    assert(parts.forall(p => p.about.nonEmpty && p.kind.nonEmpty && p.source.nonEmpty))
    assert(parts.flatMap(_.fields.asScala).forall(_.about.nonEmpty))
  }

  test("parameters stand with their units, in the order of the record") {
    assert(lif.parameters.startsWith("tau [ms], vRest [mV], vThreshold [mV]"))
  }

  test("a default is that of a parameter which exists, in a unit of the same kind") {
    val known = (new CobaHh().describe.parameters.asScala ++ new CobaLif().describe.parameters.asScala).map(p => p.name -> p).toMap
    for (part <- parts; f <- part.fields.asScala if f.setBy.nonEmpty) {
      val p = known.getOrElse(f.setBy, fail(s"${part.name}.${f.name}: no parameter ${f.setBy}"))
      // A conductance is kept as a ratio to the leak.
      val kept = if (p.unit == Unit.NANOSIEMENS) "g_leak" else p.unit.symbol
      assert(f.unit === kept, s"${part.name}.${f.name}")
    }
  }

  test("every model record of the packages is listed") {
    val root = Path.of(sys.props("spindle.root"), "gpu-kernels/src/main/java/spindle")
    val kinds = "Neuron|Channel|Synapse|Output|Connectivity|Surrogate|Loss|Regulariser|Optimizer|Initializer|Encoder|LearningRate"
    val record = s"""(?m)^ *(?:public )?record (\\w+)[^{]*implements ($kinds) \\{""".r
    val folders = Seq("model/neuron", "model/channel", "model/synapse", "connect", "grad/surrogate", "train/loss", "train/optimizer",
      "train/initial", "train/encode")
    val there = folders.flatMap { folder =>
      val files = Files.list(root.resolve(folder))
      try files.iterator.asScala.flatMap(f => record.findAllMatchIn(Files.readString(f)).map(_.group(1)).toSeq).toSeq
      finally files.close()
    }
    assert(there.size >= 50)
    assert(there.toSet -- parts.map(_.`type`.getSimpleName) === Set.empty)
  }

  test("a part whose fields are not the components of its record is refused") {
    val e = intercept[IllegalArgumentException](
      new Catalogue.Part("neuron", "x", lif.`type`, lif.fields.subList(0, 2), "y", "z"))
    assert(e.getMessage.startsWith("x: one field per component [tau, vRest, vThreshold"))
    assert(e.getMessage.endsWith("got [tau, vRest]"))
  }
}
