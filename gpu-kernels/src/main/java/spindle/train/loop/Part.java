package spindle.train.loop;

import java.util.Locale;

/** What samples are for. */
public enum Part {
  /** To learn from. */
  TRAIN,
  /** To choose by, never learned from. */
  VALID,
  /** To judge by, once at the end. */
  TEST;

  /** As in tables: {@code train}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
