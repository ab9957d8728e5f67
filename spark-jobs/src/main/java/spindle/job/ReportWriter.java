package spindle.job;

import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/** Writes the report of a published sweep. */
@FunctionalInterface
public interface ReportWriter {
  /**
   * Writes the report.
   *
   * @param sweepFolder root and sweep name
   * @return the page
   */
  Path write(SparkSession spark, Path sweepFolder);
}
