package spindle.result

import java.nio.file.{Files, Path}
import org.apache.spark.sql.types.StructType
import org.scalatest.funsuite.AnyFunSuite

class SchemaSuite extends AnyFunSuite {
  private val golden = Path.of("src/test/resources/schema.txt")

  test("every table has the columns, types and units that readers rely on") {
    val text = Table.values.map(t => s"${t.folder}\n${listing(t.schema)}").mkString("\n")
    assert(text === Files.readString(golden), s"if this change is meant, write it to $golden")
  }

  test("no column is a decimal: decimals would take aggregations off the GPU") {
    Table.values.foreach(t => assert(!t.schema.treeString.contains("decimal"), t))
  }

  private def listing(schema: StructType): String = schema.fields.map { f =>
    val unit = if (f.metadata.contains("unit")) s" [${f.metadata.getString("unit")}]" else ""
    s"  ${f.name} ${f.dataType.simpleString}$unit\n"
  }.mkString
}
