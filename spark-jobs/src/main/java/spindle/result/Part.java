package spindle.result;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.datasources.parquet.ParquetWriteSupport;
import org.apache.spark.sql.types.StructType;

/** A Parquet file in the making, written without a Spark session: tasks have none. */
final class Part implements AutoCloseable {
  private static final long ROW_GROUP_BYTES = 32L << 20;
  private final Path file;
  private final ParquetWriter<InternalRow> writer;

  Part(Path file, StructType schema) throws IOException {
    Files.createDirectories(file.getParent());
    this.file = file;
    this.writer =
        new Builder(new LocalOutputFile(file))
            .withConf(conf(schema))
            .withCompressionCodec(CompressionCodecName.ZSTD)
            .withRowGroupSize(ROW_GROUP_BYTES)
            .build();
  }

  Path file() {
    return file;
  }

  void write(InternalRow row) throws IOException {
    writer.write(row);
  }

  /** Bytes written and buffered. */
  long size() {
    return writer.getDataSize();
  }

  /** Ends the file; it is on the disk before a commit record names it. */
  @Override
  public void close() throws IOException {
    writer.close();
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /** What ParquetWriteSupport asks of a session's settings, fixed so that every part is alike. */
  private static Configuration conf(StructType schema) {
    var conf = new Configuration(false);
    conf.set("spark.sql.parquet.writeLegacyFormat", "false");
    conf.set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS");
    conf.set("spark.sql.parquet.fieldId.write.enabled", "false");
    conf.set("spark.sql.parquet.variant.annotateLogicalType.enabled", "false");
    conf.set("spark.sql.session.timeZone", "UTC");
    ParquetWriteSupport.setSchema(schema, conf);
    return conf;
  }

  /** Parquet offers its builder for extension only, by way of a method it has deprecated. */
  @SuppressWarnings("deprecation")
  private static final class Builder extends ParquetWriter.Builder<InternalRow, Builder> {
    Builder(OutputFile file) {
      super(file);
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    protected WriteSupport<InternalRow> getWriteSupport(Configuration conf) {
      return new ParquetWriteSupport();
    }
  }
}
