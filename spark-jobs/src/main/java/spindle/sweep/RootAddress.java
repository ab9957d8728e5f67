package spindle.sweep;

import java.util.Optional;
import java.util.regex.Pattern;

/** Where results may lie, as users write it: a path or a {@code file:} address. */
public final class RootAddress {
  private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+):.*");

  private RootAddress() {}

  /** Why results cannot lie at an address and what to use instead; empty if they can. */
  public static Optional<String> refusal(String root) {
    var scheme = SCHEME.matcher(root);
    return scheme.matches() && !scheme.group(1).equals("file")
        ? Optional.of(
            "no exclusive create for " + scheme.group(1) + ": yet; use a folder such as ./results")
        : Optional.empty();
  }
}
