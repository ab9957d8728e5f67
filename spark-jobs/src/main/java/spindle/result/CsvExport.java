package spindle.result;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.to_json;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;

/** Published tables as CSV files with a header; null is an empty field (RFC 4180). */
public final class CsvExport {
  private final SparkSession spark;
  private final Layout layout;

  /** An export of one sweep. */
  public CsvExport(SparkSession spark, Layout layout) {
    this.spark = spark;
    this.layout = layout;
  }

  /** Writes each table that is published as {@code TABLE.csv} and lists the files. */
  public List<Path> write(Path folder) throws IOException {
    Files.createDirectories(folder);
    var files = new ArrayList<Path>();
    for (Table table : Table.values()) {
      if (Files.isDirectory(layout.table(table))) {
        Path file = folder.resolve(table.folder() + ".csv");
        write(table, file);
        files.add(file);
      }
    }
    return files;
  }

  private void write(Table table, Path file) throws IOException {
    Dataset<Row> rows =
        spark.read().schema(table.schema()).parquet(layout.table(table).toUri().toString());
    Column[] columns =
        IntStream.range(0, table.schema().size())
            .mapToObj(i -> text(table.schema().apply(i)))
            .toArray(Column[]::new);
    Column[] order = table.order().stream().map(c -> col(c)).toArray(Column[]::new);
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      out.write(String.join(",", table.schema().fieldNames()) + "\n");
      // One partition at a time comes to the driver: tables of spikes need not fit.
      var lines = rows.orderBy(order).select(columns).toLocalIterator();
      while (lines.hasNext()) {
        out.write(line(lines.next()));
      }
    }
  }

  private static Column text(StructField field) {
    Column column = col(field.name());
    boolean nested = field.dataType() instanceof ArrayType || field.dataType() instanceof MapType;
    return (nested ? to_json(column) : column.cast("string")).as(field.name());
  }

  private static String line(Row row) {
    return IntStream.range(0, row.size())
            .mapToObj(i -> row.isNullAt(i) ? "" : quoted(row.getString(i)))
            .collect(Collectors.joining(","))
        + "\n";
  }

  private static String quoted(String text) {
    return text.isEmpty() || text.matches("(?s).*[\",\r\n].*")
        ? "\"" + text.replace("\"", "\"\"") + "\""
        : text;
  }
}
