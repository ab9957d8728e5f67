package spindle.result;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads commit records; each record once, so that asking again costs one directory listing. */
public final class Journal {
  private final Layout layout;
  private final Set<String> seen = new HashSet<>();

  /** A reader that has seen nothing yet. */
  public Journal(Layout layout) {
    this.layout = layout;
  }

  /** The records that appeared since the last call, in order of name. */
  public List<CommitRecord> fresh() throws IOException {
    var records = new ArrayList<CommitRecord>();
    for (String name : names()) {
      if (seen.add(name)) {
        read(layout.commits().resolve(name)).ifPresent(records::add);
      }
    }
    return records;
  }

  /** The names of all commit records, sorted. */
  public List<String> names() throws IOException {
    if (!Files.isDirectory(layout.commits())) {
      return List.of();
    }
    var names = new ArrayList<String>();
    try (var listing = Files.newDirectoryStream(layout.commits(), "[!.]*.json")) {
      listing.forEach(file -> names.add(file.getFileName().toString()));
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    names.sort(null);
    return names;
  }

  /** The commits of one pack in their order, without listing the journal. */
  static List<CommitRecord> ofPack(Layout layout, String packId) throws IOException {
    var records = new ArrayList<CommitRecord>();
    for (int n = 0; Files.exists(layout.commit(packId, n)); n++) {
      read(layout.commit(packId, n)).ifPresent(records::add);
    }
    return records;
  }

  /** The record, unless a crash left it unreadable: then it names no trial. */
  static Optional<CommitRecord> read(Path file) throws IOException {
    try {
      return Optional.of(Json.parse(Files.readString(file), CommitRecord.class));
    } catch (NoSuchFileException | UncheckedIOException e) {
      return Optional.empty();
    }
  }
}
