package spindle.result;

import static org.apache.spark.sql.functions.col;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;

/** Writes tables of one version as sorted zstd Parquet, files named after version and position. */
final class TableWriter {
  private final Path folder;
  private final int version;

  TableWriter(Path folder, int version) {
    this.folder = folder;
    this.version = version;
  }

  /** Writes one table into about {@code files} files, ordered within and across them. */
  void write(Table table, Dataset<Row> rows, int files) throws IOException {
    Column[] order = table.order().stream().map(c -> col(c).asc()).toArray(Column[]::new);
    Dataset<Row> typed = typed(table, rows);
    Dataset<Row> placed = files == 1 ? typed.coalesce(1) : typed.repartitionByRange(files, order);
    Path place = folder.resolve(table.folder());
    placed
        .sortWithinPartitions(order)
        .write()
        .option("compression", "zstd")
        .parquet(place.toUri().toString());
    rename(place);
  }

  /** The rows with the columns of a table; {@code to} alone would lose units of computed ones. */
  private static Dataset<Row> typed(Table table, Dataset<Row> rows) {
    Column[] columns =
        Arrays.stream(table.schema().fields())
            .map(f -> col(f.name()).as(f.name(), f.metadata()))
            .toArray(Column[]::new);
    return rows.to(table.schema()).select(columns);
  }

  /** Writes a few rows that are here already, in the order given, without a Spark job. */
  void write(Table table, List<Row> rows) throws IOException {
    var toCatalyst = CatalystTypeConverters.createToCatalystConverter(table.schema());
    Path file = folder.resolve(table.folder()).resolve("v%d-%05d.parquet".formatted(version, 0));
    try (var part = new Part(file, table.schema())) {
      for (Row row : rows) {
        part.write((InternalRow) toCatalyst.apply(row));
      }
    }
  }

  /** Leaves data files only, under names that no other version has. */
  private void rename(Path place) throws IOException {
    int n = 0;
    try (var listing = Files.list(place)) {
      for (Path file : listing.sorted().toList()) {
        if (file.getFileName().toString().startsWith("part-")) {
          Files.move(file, place.resolve("v%d-%05d.parquet".formatted(version, n++)));
        } else {
          Files.delete(file);
        }
      }
    }
  }
}
