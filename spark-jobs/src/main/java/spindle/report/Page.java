package spindle.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The frame of the report: one file, no script, nothing from the network. */
final class Page {
  private static final List<List<String>> PARTS =
      List.of(
          List.of("swept", "Sweep"),
          List.of("metrics", "Metrics"),
          List.of("curves", "Curves"),
          List.of("activity", "Activity"),
          List.of("failures", "Failures"),
          List.of("timing", "Timing"),
          List.of("origin", "Provenance"),
          List.of("tables", "Tables"));

  private Page() {}

  static String of(String title, String body) {
    return """
        <!DOCTYPE html>
        <html lang="en" xmlns="http://www.w3.org/1999/xhtml">
        <head>
        <meta charset="utf-8"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <meta name="color-scheme" content="light dark"/>
        <title>%s</title>
        <style>
        %s</style>
        </head>
        <body>
        <nav><span class="brand">Spindle</span>%s</nav>
        <main>
        %s</main>
        </body>
        </html>
        """
        .formatted(Html.text(title), style(), links(body), body);
  }

  /** What the navigation calls a section. */
  static String heading(String id) {
    return PARTS.stream().filter(p -> p.get(0).equals(id)).findFirst().orElseThrow().get(1);
  }

  private static String links(String body) {
    var out = new StringBuilder();
    for (List<String> part : PARTS) {
      if (body.contains("<section id=\"" + part.get(0) + "\">")) {
        out.append("<a href=\"#" + part.get(0) + "\">" + part.get(1) + "</a>");
      }
    }
    return out.toString();
  }

  private static String style() {
    try (InputStream css = Page.class.getResourceAsStream("report.css")) {
      return new String(css.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
