package spindle.sweep;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds what the user may have meant. */
final class Nearest {
  private Nearest() {}

  /** {@code ; did you mean "syn.g_inh"?} or nothing when no name is close. */
  static String hint(String word, Collection<String> known) {
    return to(word, known).map(n -> "; did you mean \"" + n + "\"?").orElse("");
  }

  /** As {@link #hint}, else the list of what is known. */
  static String hintOrList(String word, Collection<String> known) {
    String list = known.isEmpty() ? "none" : String.join(", ", known);
    return to(word, known).map(n -> "; did you mean \"" + n + "\"?").orElse("; known: " + list);
  }

  /** The closest name, if it is at most a third of the word away. */
  static Optional<String> to(String word, Collection<String> known) {
    int limit = (word.length() + 1) / 3;
    return known.stream()
        .filter(n -> distance(word, n) <= limit)
        .min(Comparator.comparingInt(n -> distance(word, n)));
  }

  /** Edits between two words; a swap of neighbours ({@code ihn}, {@code inh}) is one edit. */
  static int distance(String left, String right) {
    String a = left.toLowerCase(Locale.ROOT).replace('_', '-');
    String b = right.toLowerCase(Locale.ROOT).replace('_', '-');
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        d[i][j] = i == 0 ? j : j == 0 ? i : step(a, b, d, i, j);
      }
    }
    return d[a.length()][b.length()];
  }

  private static int step(String a, String b, int[][] d, int i, int j) {
    boolean same = a.charAt(i - 1) == b.charAt(j - 1);
    int best = Math.min(d[i - 1][j - 1] + (same ? 0 : 1), Math.min(d[i - 1][j], d[i][j - 1]) + 1);
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(best, d[i - 2][j - 2] + 1) : best;
  }
}
