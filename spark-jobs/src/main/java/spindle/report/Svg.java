package spindle.report;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jetbrains.letsPlot.core.util.PlotSvgExportCommon;

/**
 * Turns a plot specification into SVG that can stand in a page: no style sheet of its own, no
 * random ids, colours that follow the page into the dark, two digits after the point.
 */
final class Svg {
  private static final Pattern SIZE =
      Pattern.compile("<svg [^>]*width=\"([0-9.]+)\" height=\"([0-9.]+)\">");
  private static final Pattern STYLE = Pattern.compile("<style.*?</style>", Pattern.DOTALL);
  private static final Pattern TAG = Pattern.compile("<[^>]+>");
  private static final Pattern NUMBER = Pattern.compile("(?<![\\w#])-?\\d+\\.\\d+(E-?\\d+)?");
  private static final Pattern RGB = Pattern.compile("rgb\\((\\d+),(\\d+),(\\d+)\\)");
  private static final Pattern ID = Pattern.compile(" id=\"(\\w+)\"");
  private static final Pattern DOT =
      Pattern.compile("<circle fill=\"([^\"]+)\" cx=\"([^\"]+)\" cy=\"([^\"]+)\" r=\"([^\"]+)\"/>");

  /** Takes part in the order of panels, but is no part of the page. */
  static final String INVISIBLE = "\u200b";

  private Svg() {}

  /**
   * Draws a plot.
   *
   * @param spec specification as lets-plot reads it
   * @param id unique within the page, prefix of the ids inside
   * @param label what the picture shows, for those who cannot see it; plain text
   */
  static String draw(Map<String, Object> spec, String id, String label) {
    String raw =
        PlotSvgExportCommon.INSTANCE.buildSvgImageFromRawSpecs(
            spec,
            null,
            (width, height, pixels) -> {
              throw new IllegalStateException("no plot of the report holds a bitmap");
            },
            false);
    String lean = STYLE.matcher(raw).replaceAll("").replace(INVISIBLE, "");
    lean = lean.replaceAll(">\\s+", ">").replaceAll("\\s+<", "<");
    lean = TAG.matcher(lean).replaceAll(t -> Matcher.quoteReplacement(tag(t.group())));
    lean = lean.replaceAll("<(\\w+)([^<>]*)></\\1>", "<$1$2/>");
    lean = lean.replaceAll("<path/>|<g( id=\"\\w+\")?/>", "");
    return framed(ids(dots(lean), id), label);
  }

  private static String tag(String tag) {
    String lean =
        tag.replaceAll(
                " (clip-bounds-jfx|(stroke|fill)-opacity=\"1.0\"|xmlns:xlink)(=\"[^\"]*\")?", "")
            .replaceAll(" stroke=\"[^\"]*\" stroke-opacity=\"0.0\" stroke-width=\"0.0\"", "")
            .replaceAll(" stroke=\"[^\"]*\" stroke-width=\"0.0\"", "");
    lean = RGB.matcher(lean).replaceAll(Svg::hex);
    for (Map.Entry<String, String> c : Palette.VARIABLES.entrySet()) {
      lean = lean.replace('"' + c.getKey() + '"', "\"var(" + c.getValue() + ")\"");
    }
    lean = NUMBER.matcher(lean).replaceAll(m -> rounded(m.group()));
    return lean.replaceAll("\\s+/?>$", tag.endsWith("/>") ? "/>" : ">");
  }

  private static String hex(MatchResult rgb) {
    return String.format(
        Locale.ROOT,
        "#%02x%02x%02x",
        Integer.valueOf(rgb.group(1)),
        Integer.valueOf(rgb.group(2)),
        Integer.valueOf(rgb.group(3)));
  }

  private static String rounded(String number) {
    double v = Math.rint(Double.parseDouble(number) * 100) / 100;
    return v == Math.rint(v) ? Long.toString((long) v) : Double.toString(v);
  }

  /** One path for many dots: a tenth of the bytes, and quick to draw. */
  private static String dots(String svg) {
    var out = new StringBuilder();
    var run = new LinkedHashMap<String, StringBuilder>();
    Matcher dot = DOT.matcher(svg);
    int end = 0;
    while (dot.find()) {
      if (dot.start() != end) {
        flush(run, out);
        out.append(svg, end, dot.start());
      }
      run.computeIfAbsent(look(dot), k -> new StringBuilder())
          .append("M" + dot.group(2) + " " + dot.group(3) + "h0");
      end = dot.end();
    }
    flush(run, out);
    return out.append(svg, end, svg.length()).toString();
  }

  private static String look(Matcher dot) {
    String width = rounded(Double.toString(2 * Double.parseDouble(dot.group(4))));
    return "stroke=\"" + dot.group(1) + "\" stroke-width=\"" + width + "\"";
  }

  private static void flush(Map<String, StringBuilder> run, StringBuilder out) {
    run.forEach(
        (look, d) ->
            out.append("<path fill=\"none\" stroke-linecap=\"round\" ")
                .append(look + " d=\"" + d + "\"/>"));
    run.clear();
  }

  private static String ids(String svg, String prefix) {
    var names = new LinkedHashMap<String, String>();
    Matcher id = ID.matcher(svg);
    while (id.find()) {
      names.putIfAbsent(id.group(1), prefix + "-" + names.size());
    }
    String out = svg;
    for (Map.Entry<String, String> name : names.entrySet()) {
      out = out.replace("id=\"" + name.getKey() + "\"", "id=\"" + name.getValue() + "\"");
      out = out.replace("#" + name.getKey() + ")", "#" + name.getValue() + ")");
    }
    return out;
  }

  private static String framed(String svg, String label) {
    Matcher size = SIZE.matcher(svg);
    if (!size.find()) {
      throw new IllegalStateException("unexpected head of an SVG: " + svg.substring(0, 200));
    }
    String width = Double.parseDouble(size.group(1)) > Panels.HALF ? "plot full" : "plot";
    String box = "0 0 " + size.group(1) + " " + size.group(2);
    String head =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"%s\" viewBox=\"%s\" style=\"max-width:%spx\" role=\"img\" aria-label=\"%s\">"
            .formatted(width, box, size.group(1), Html.text(label));
    return head + svg.substring(size.end()) + "\n";
  }
}
