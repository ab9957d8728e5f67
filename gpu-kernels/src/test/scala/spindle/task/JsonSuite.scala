package spindle.task

import java.util.{List => JList, Map => JMap, LinkedHashMap, EnumMap}

import org.scalatest.funsuite.AnyFunSuite

class JsonSuite extends AnyFunSuite {
  private val cost = new Cost(1, 2.5, Double.PositiveInfinity, Double.NaN, 4e-7, -0.0)

  test("a record has snake_case keys in order of declaration, and numbers that read back") {
    assert(Json.of(cost) ===
      """{"neuron_steps":1,"events":2.5,"synapses":"Infinity","seconds":"NaN","bytes":4E-7,"recorded_bytes":0}""")
  }

  test("records inside records, lists and words are written; no value is null") {
    val recording = new Recording(JList.of("E"), 100, JList.of(new Recording.Trace("E", "v", 8, 1)))
    assert(Json.of(recording) ===
      """{"spikes":["E"],"chunk_ms":1E+2,"traces":[{"population":"E","variable":"v","neurons":8,"every_ms":1}]}""")
    assert(Json.of(JList.of(Parameter.Kind.COUNT, java.lang.Boolean.TRUE)) === """["COUNT",true]""")
    val none = new LinkedHashMap[String, Object]
    none.put("a", null)
    assert(Json.of(none) === """{"a":null}""")
  }

  test("maps without an order are sorted, others keep theirs") {
    val names = (0 until 64).map(i => f"k$i%02d")
    val unordered = JMap.copyOf(new java.util.HashMap[String, Integer] { names.foreach(put(_, 1)) })
    assert(Json.of(unordered) === names.map(n => s"\"$n\":1").mkString("{", ",", "}"))
    val ordered = new LinkedHashMap[String, Integer]
    names.reverse.foreach(ordered.put(_, 1))
    assert(Json.of(ordered) === names.reverse.map(n => s"\"$n\":1").mkString("{", ",", "}"))
    val enums = new EnumMap[Parameter.Kind, Integer](classOf[Parameter.Kind])
    enums.put(Parameter.Kind.NUMBER, 1)
    assert(Json.of(enums) === """{"NUMBER":1}""")
  }

  test("texts are quoted whatever they hold") {
    assert(Json.of("a\"b\\c\nd\u0000µ") === "\"a\\\"b\\\\c\\u000ad\\u0000µ\"")
    assert(Json.of(JMap.of("a\"b", 1)) === "{\"a\\\"b\":1}")
  }

  test("for people every entry has a line, and what is empty takes none") {
    val value = new LinkedHashMap[String, Object]
    value.put("a", JList.of(1, 2))
    value.put("b", JMap.of())
    value.put("c", JList.of())
    assert(Json.pretty(value) ===
      """{
        |  "a": [
        |    1,
        |    2
        |  ],
        |  "b": {},
        |  "c": []
        |}
        |""".stripMargin)
    assert(Json.of(value) === """{"a":[1,2],"b":{},"c":[]}""")
  }
}
