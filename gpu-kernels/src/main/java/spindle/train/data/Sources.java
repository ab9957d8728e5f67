package spindle.train.data;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ServiceLoader;

/** Finds files by path or URI. */
public final class Sources {
  private Sources() {}

  /**
   * A file by its path, or by a URI with a scheme that a {@link SourceProvider} knows.
   *
   * @throws IllegalArgumentException if nobody knows the scheme
   */
  public static Source at(String place) {
    if (!place.matches("[A-Za-z][A-Za-z0-9+.-]+:.*")) {
      return Source.file(Path.of(place));
    }
    URI uri = URI.create(place);
    if (uri.getScheme().equals("file")) {
      return Source.file(Path.of(uri.getPath()));
    }
    return ServiceLoader.load(SourceProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .flatMap(p -> p.source(uri).stream())
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    place + ": nobody reads " + uri.getScheme() + ": here; give a local path"));
  }

  /**
   * A file of a folder that may be packed by gzip, and then has a name that ends in {@code .gz}.
   *
   * @throws BadFileException if there is neither
   */
  public static Source in(String folder, String file) throws BadFileException {
    String plain = folder.endsWith("/") ? folder + file : folder + "/" + file;
    String reason = "";
    for (String name : new String[] {plain, plain + ".gz"}) {
      Source source = at(name);
      try {
        source.open().close();
        return source;
      } catch (IOException e) {
        boolean missing = e instanceof FileNotFoundException || e instanceof NoSuchFileException;
        reason = missing ? reason : " (" + e.getMessage() + ")";
      }
    }
    throw new BadFileException(
        plain + ": cannot be opened, nor can " + plain + ".gz" + reason + "; is the folder right?");
  }
}
