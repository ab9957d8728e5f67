package spindle.job;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.deploy.SparkHadoopUtil;
import spindle.train.data.Source;
import spindle.train.data.SourceProvider;

/** Opens data files on whatever storage Hadoop knows: {@code s3a://}, {@code hdfs://}. */
public final class HadoopSources implements SourceProvider {
  @Override
  public Optional<Source> source(URI uri) {
    try {
      FileSystem.getFileSystemClass(uri.getScheme(), configuration());
      return Optional.of(new HadoopFile(uri));
    } catch (UnsupportedFileSystemException e) {
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(new HadoopFile(uri)); // opening it will say what is wrong
    } catch (RuntimeException e) {
      // Hadoop knows the scheme, but its classes are not here: those of s3a come in a jar of their
      // own.
      throw new IllegalArgumentException(
          "%s: Hadoop has no classes for %s: here (%s); add its module, such as hadoop-azure, by --packages of spark-submit, or give a local path"
              .formatted(uri, uri.getScheme(), e.getMessage()),
          e);
    }
  }

  /**
   * The options {@code spark.hadoop.*} of the session; before there is one, those that it will
   * have: system properties, which {@code spark-submit} sets.
   */
  private static Configuration configuration() {
    SparkConf conf = SparkEnv.get() == null ? new SparkConf() : SparkEnv.get().conf();
    return SparkHadoopUtil.get().newConfiguration(conf);
  }

  private record HadoopFile(URI uri) implements Source {
    @Override
    public String name() {
      return uri.toString();
    }

    @Override
    public InputStream open() throws IOException {
      try {
        return FileSystem.get(uri, configuration()).open(new Path(uri));
      } catch (IllegalArgumentException e) { // an unknown host, a bucket that cannot be
        throw new IOException(e.getMessage(), e);
      }
    }
  }
}
