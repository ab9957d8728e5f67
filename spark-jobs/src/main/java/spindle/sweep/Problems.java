package spindle.sweep;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong, so that a file shows all its errors at once. */
final class Problems {
  private static final Comparator<Problem> BY_PLACE =
      Comparator.<Problem>comparingInt(p -> p.at().inFile() ? p.at().line() : Integer.MAX_VALUE)
          .thenComparingInt(p -> p.at().column());

  private final List<Problem> found = new ArrayList<>();

  void add(At at, String text) {
    var problem = new Problem(at, text);
    if (!found.contains(problem)) {
      found.add(problem);
    }
  }

  boolean none() {
    return found.isEmpty();
  }

  /** Ends reading here if anything is wrong. */
  void orThrow() {
    if (!found.isEmpty()) {
      throw new InvalidSweep(lines());
    }
  }

  /** One line per problem in order of place, messages aligned. */
  private List<String> lines() {
    int width = found.stream().mapToInt(p -> p.at().toString().length()).max().orElse(0);
    return found.stream()
        .sorted(BY_PLACE)
        .map(p -> String.format("%-" + width + "s %s", p.at(), p.text()))
        .toList();
  }
}
