package spindle.train.data;

import java.net.URI;
import java.util.Optional;

/** Opens files that are not of this machine; found by {@link java.util.ServiceLoader}. */
public interface SourceProvider {
  /** The file of a URI, or nothing if its scheme is not known here. */
  Optional<Source> source(URI uri);
}
