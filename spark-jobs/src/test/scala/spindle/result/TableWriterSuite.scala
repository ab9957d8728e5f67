package spindle.result

import org.apache.spark.sql.Row
import org.apache.spark.sql.functions.{col, lit}
import org.scalatest.funsuite.AnyFunSuite
import spindle.job.SharedSpark

class TableWriterSuite extends AnyFunSuite with SharedSpark {
  test("published columns have the units of the schema, computed or not, in every table") {
    val writer = new TableWriter(root, 1)
    for (table <- Table.values) {
      val columns = table.schema.fields.map(f => lit(null).cast(f.dataType).as(f.name))
      writer.write(table, spark.range(1).select(columns.toIndexedSeq: _*), 1)
      val found = spark.read.parquet(root.resolve(table.folder).toString).schema
      assert(found === table.schema, table)
    }
  }

  test("rows that are here already are written with the same columns") {
    val writer = new TableWriter(root, 1)
    writer.write(Table.METRICS, java.util.List.of[Row]())
    assert(spark.read.parquet(root.resolve("metrics").toString).schema === Table.METRICS.schema)
  }

  test("a table is sorted and in as many files as asked for") {
    val rows = spark.range(1000).select(
      (col("id") * 7919 % 1000).cast("string").as("trial_id"), lit("m").as("metric"), lit("").as("unit"),
      lit(1.0).as("value"), lit(null).cast("bigint").as("step"), lit(null).cast("int").as("epoch"),
      lit(null).cast("string").as("split"), lit(null).cast("bigint").as("wall_ms"))
    new TableWriter(root, 3).write(Table.METRICS, rows, 2)
    val ids = spark.read.parquet(root.resolve("metrics/v3-00000.parquet").toString).select("trial_id")
      .collect().map(_.getString(0)).toSeq
    assert(ids.nonEmpty && ids.size < 1000 && ids === ids.sorted)
  }
}
