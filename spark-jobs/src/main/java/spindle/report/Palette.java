package spindle.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The colours: Okabe and Ito's set for series, viridis for values; both safe for colour blindness.
 */
final class Palette {
  /** Series, in order of use (Okabe and Ito 2008). */
  static final List<String> SERIES =
      List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9");

  /** Marks of cells without a value. */
  static final String MUTED = "#8a8a89";

  /** Fill of cells without a value. */
  static final String GAP = "#dfdfde";

  /** What a plot writes as a colour, and the variable of the page that replaces it. */
  static final Map<String, String> VARIABLES = variables();

  private Palette() {}

  private static Map<String, String> variables() {
    var out = new LinkedHashMap<String, String>();
    for (int i = 0; i < SERIES.size(); i++) {
      out.put(SERIES.get(i), "--s" + i);
    }
    out.put(MUTED, "--muted");
    out.put(GAP, "--gap");
    out.put("#474747", "--soft");
    out.put("#e9e9e9", "--grid");
    out.put("#ffffff", "--paper");
    return out;
  }
}
