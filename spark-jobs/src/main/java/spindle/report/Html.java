package spindle.report;

import java.util.List;

/** Pieces of markup; every string that comes from a table passes through {@link #text}. */
final class Html {
  private Html() {}

  /** Escapes a string for text and for quoted attributes, and drops what XML does not allow. */
  static String text(String raw) {
    var out = new StringBuilder(raw.length() + 16);
    raw.codePoints().filter(Html::allowed).forEach(c -> append(out, c));
    return out.toString();
  }

  static boolean allowed(int c) {
    return c == '\t'
        || c == '\n'
        || (c >= 0x20 && c < 0x7f)
        || (c >= 0xa0 && c < 0xd800)
        || (c >= 0xe000 && c < 0xfffe)
        || c >= 0x10000;
  }

  private static void append(StringBuilder out, int c) {
    switch (c) {
      case '&' -> out.append("&amp;");
      case '<' -> out.append("&lt;");
      case '>' -> out.append("&gt;");
      case '"' -> out.append("&quot;");
      case '\'' -> out.append("&#39;");
      default -> out.appendCodePoint(c);
    }
  }

  /** A name from a table, in the fixed-width face. */
  static String code(String raw) {
    return "<code>" + text(raw) + "</code>";
  }

  static String td(String markup) {
    return "<td>" + markup + "</td>";
  }

  /** A cell of a column of numbers. */
  static String number(String markup) {
    return "<td class=\"n\">" + markup + "</td>";
  }

  static String row(String... cells) {
    return "<tr>" + String.join("", cells) + "</tr>\n";
  }

  /** A table; a heading that starts with {@code #} stands over numbers. */
  static String table(List<String> heads, List<String> rows) {
    var out = new StringBuilder("<div class=\"scroll\"><table>\n<thead><tr>");
    for (String head : heads) {
      boolean number = head.startsWith("#");
      out.append(number ? "<th class=\"n\">" : "<th>");
      out.append(number ? head.substring(1) : head).append("</th>");
    }
    out.append("</tr></thead>\n<tbody>\n");
    rows.forEach(out::append);
    return out.append("</tbody></table></div>\n").toString();
  }

  /** A part that is folded until asked for; printed unfolded. */
  static String fold(String summary, String body) {
    return "<details><summary>" + summary + "</summary>\n" + body + "</details>\n";
  }

  static String paragraph(String markup) {
    return "<p>" + markup + "</p>\n";
  }

  static String note(String markup) {
    return "<p class=\"note\">" + markup + "</p>\n";
  }

  static String pre(String raw) {
    return "<pre>" + text(raw) + "</pre>\n";
  }

  static String section(String id, String title, String body) {
    return "<section id=\"" + id + "\">\n<h2>" + text(title) + "</h2>\n" + body + "</section>\n";
  }

  static String figure(String title, String svg, String caption) {
    String below = caption.isEmpty() ? "" : "<figcaption>" + caption + "</figcaption>\n";
    return "<figure>\n" + title + svg + below + "</figure>\n";
  }
}
