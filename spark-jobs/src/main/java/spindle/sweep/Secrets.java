package spindle.sweep;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Hides the values of keys that sound like secrets in what is printed or written down. */
public final class Secrets {
  private static final String NAMES = "secret|password|passwd|token|credential|access[._-]?key";
  private static final Pattern SECRET = Pattern.compile("(?i)" + NAMES);
  private static final Pattern ASSIGNED =
      Pattern.compile("(?im)^(.*?(?:" + NAMES + ")[^:=\\n]*[:=]).*$");
  private static final String HIDDEN = "*********(redacted)";

  private Secrets() {}

  /** Text of a configuration file or argument as it may be shown. */
  public static String redacted(String text) {
    return ASSIGNED.matcher(text).replaceAll("$1 " + HIDDEN);
  }

  /** Settings as they may be shown, sorted by key; a value that sounds like a secret is one too. */
  public static Map<String, String> redacted(Map<String, String> settings) {
    var shown = new TreeMap<String, String>();
    settings.forEach(
        (key, value) -> {
          boolean secret = SECRET.matcher(key).find() || SECRET.matcher(value).find();
          shown.put(key, secret ? HIDDEN : value);
        });
    return shown;
  }
}
