package spindle.train.data;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.ServiceLoader;

/** Finds files by path or URI. */
public final class Sources {
  private Sources() {}

  /**
   * A file by its path, or by a URI with a scheme that a {@link SourceProvider} knows.
   *
   * @throws IllegalArgumentException if it is no URI, or nobody knows its scheme
   */
  public static Source at(String place) {
    if (!place.matches("[A-Za-z][A-Za-z0-9+.-]+:.*")) {
      return Source.file(Path.of(place));
    }
    URI uri = uri(place);
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
   * Schemes are the same in capitals (RFC 3986, section 3.1), but not to those who look for them.
   */
  private static URI uri(String place) {
    int colon = place.indexOf(':');
    try {
      return new URI(place.substring(0, colon).toLowerCase(Locale.ROOT) + place.substring(colon));
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          place
              + ": this is no URI: "
              + e.getReason().toLowerCase(Locale.ROOT)
              + " at character "
              + (e.getIndex() + 1)
              + "; write a space as %20",
          e);
    }
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
