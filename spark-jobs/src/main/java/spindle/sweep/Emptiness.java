package spindle.sweep;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Explains a {@code where} that leaves nothing to run. */
final class Emptiness {
  private final Draft draft;
  private final long all;

  Emptiness(Draft draft, long all) {
    this.draft = draft;
    this.all = all;
  }

  void report(Problems problems) {
    List<String> where = draft.sweep().selection().where();
    List<Integer> guilty =
        IntStream.range(0, where.size())
            .filter(i -> kept(List.of(where.get(i))) == 0)
            .boxed()
            .toList();
    for (int i : guilty) {
      problems.add(
          draft.at("where[" + i + "]", "where"),
          message("where[" + i + "]", List.of(where.get(i))));
    }
    if (guilty.isEmpty()) {
      problems.add(draft.at("where", "where"), message("where", where));
    }
  }

  private String message(String path, List<String> conditions) {
    var parts = new ArrayList<String>();
    conditions.forEach(c -> parts.addAll(conjuncts(c)));
    String tightest = parts.get(0);
    for (String part : parts) {
      tightest = kept(List.of(part)) < kept(List.of(tightest)) ? part : tightest;
    }
    return String.format(
        "%s removes all %,d combinations; tightest part is \"%s\"", path, all, tightest);
  }

  private long kept(List<String> where) {
    Selection s = draft.sweep().selection();
    return LazyPlan.count(draft.sweep(), new Selection(s.derive(), where, s.sampling()));
  }

  /** The conditions that are joined by {@code &&} outside of parentheses. */
  static List<String> conjuncts(String condition) {
    var parts = new ArrayList<String>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i < condition.length(); i++) {
      char c = condition.charAt(i);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      int length = condition.startsWith("&&", i) ? 2 : condition.startsWith(" and ", i) ? 5 : 0;
      if (depth == 0 && length > 0) {
        parts.add(condition.substring(start, i).strip());
        start = i + length;
        i = start - 1;
      } else if (depth == 0 && (condition.startsWith("||", i) || condition.startsWith(" or ", i))) {
        return List.of(condition.strip());
      }
    }
    parts.add(condition.substring(start).strip());
    return parts;
  }
}
