package spindle.sweep;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Reads the text of a sweep file. */
final class SweepText {
  private static final int MOST_NAMES = 8;

  private SweepText() {}

  /**
   * The text.
   *
   * @throws InvalidSweep if there is none, with what may have been meant
   */
  static String of(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw new InvalidSweep(List.of(file + ": no such file; " + instead(file)));
    } catch (MalformedInputException e) {
      throw new InvalidSweep(List.of(file + ": not a text file in UTF-8; save it as one"));
    } catch (AccessDeniedException e) {
      throw new InvalidSweep(List.of(file + ": cannot be read: permission denied"));
    } catch (IOException e) {
      String reason = Files.isDirectory(file) ? "is a folder" : e.getMessage();
      throw new InvalidSweep(List.of(file + ": cannot be read: " + reason));
    }
  }

  private static String instead(Path file) {
    Path folder = file.toAbsolutePath().normalize().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      return "there is no folder " + folder + " either";
    }
    try (Stream<Path> there = Files.list(folder)) {
      List<String> names =
          there.map(f -> f.getFileName().toString()).filter(n -> n.endsWith(".yaml")).toList();
      return Nearest.to(file.getFileName().toString(), names)
          .map(name -> "did you mean " + file.resolveSibling(name) + "?")
          .orElseGet(() -> listed(folder, names));
    } catch (IOException e) {
      return "its folder cannot be read";
    }
  }

  private static String listed(Path folder, List<String> names) {
    String shown = String.join(", ", names.stream().sorted().limit(MOST_NAMES).toList());
    return folder + (names.isEmpty() ? " holds no .yaml file" : " holds " + shown);
  }
}
