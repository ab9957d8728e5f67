package spindle.result;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Spans and instants as every command shows them. */
public final class Times {
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);

  private Times() {}

  /** A span: {@code 9 s}, {@code 31 min 05 s}, {@code 2 h 10 min}. */
  public static String span(double seconds) {
    long s = Math.round(seconds);
    if (s < 60) {
      return s + " s";
    }
    return s < 3600
        ? "%d min %02d s".formatted(s / 60, s % 60)
        : "%d h %02d min".formatted(s / 3600, s / 60 % 60);
  }

  /** An instant with its distance: {@code 2026-03-01 08:30:00 UTC, 9 s ago}. */
  public static String at(String iso, Instant now) {
    return SECONDS.format(Instant.parse(iso)) + ", " + ago(iso, now);
  }

  /** How long ago an instant was, in whole seconds that passed: {@code 9 s ago}. */
  public static String ago(String iso, Instant now) {
    return span((double) Math.max(0, Duration.between(Instant.parse(iso), now).toSeconds()))
        + " ago";
  }
}
