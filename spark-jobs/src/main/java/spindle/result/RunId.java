package spindle.result;

import java.security.SecureRandom;

/** Names of runs: ULIDs, 26 characters that sort by time. */
public final class RunId {
  private static final char[] CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();

  private RunId() {}

  /** A new name for a run that begins now. */
  public static String next() {
    var text = new StringBuilder(26);
    long millis = System.currentTimeMillis();
    for (int shift = 45; shift >= 0; shift -= 5) {
      text.append(CROCKFORD[(int) (millis >>> shift) & 31]);
    }
    var random = new SecureRandom();
    for (int i = 0; i < 16; i++) {
      text.append(CROCKFORD[random.nextInt(32)]);
    }
    return text.toString();
  }
}
