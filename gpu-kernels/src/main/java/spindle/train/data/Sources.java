package spindle.train.data;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.regex.Pattern;

/** Finds files by path or URI. */
public final class Sources {
  /** A user and a password before the host; behind a host there is a port, which is a number. */
  private static final Pattern PASSWORD =
      Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+://)[^/:@]*:(?!\\d*/)[^@]*@(.*)");

  private Sources() {}

  /**
   * A file by its path, or by a URI with a scheme that a {@link SourceProvider} knows.
   *
   * @throws IllegalArgumentException if it is no URI, or has a password in it, or nobody knows its
   *     scheme
   */
  public static Source at(String place) {
    refusePassword(place);
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

  /** What a trial reads is written into its results, for all to see. */
  private static void refusePassword(String place) {
    var match = PASSWORD.matcher(place);
    if (match.matches()) {
      throw new IllegalArgumentException(
          match.group(1)
              + "...@"
              + match.group(2)
              + ": a URI here holds no password, since it is written into results; give it by the"
              + " environment or by an option of the storage");
    }
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
   * @throws IOException if it cannot be told, since the folder cannot be reached or may not be read
   */
  public static Source in(String folder, String file) throws IOException {
    String plain = folder.endsWith("/") ? folder + file : folder + "/" + file;
    for (String name : new String[] {plain, plain + ".gz"}) {
      Source source = at(name);
      try {
        source.open().close();
        return source;
      } catch (FileNotFoundException | NoSuchFileException e) {
        // It may have the other name.
      } catch (IOException e) {
        throw new IOException(
            name
                + ": cannot be opened ("
                + reason(e)
                + "); may the folder be read, and is its storage there?",
            e);
      }
    }
    throw new BadFileException(
        plain + ": cannot be opened, nor can " + plain + ".gz; is the folder right?");
  }

  /** Why a file cannot be opened or read, without its name where the error has it apart. */
  static String reason(IOException e) {
    String said = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
    if (e instanceof AccessDeniedException) {
      return said == null ? "permission denied" : "permission denied: " + said;
    }
    return said == null ? e.toString() : said;
  }
}
