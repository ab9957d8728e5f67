package spindle.job;

/** Numbers with their noun: {@code 1 trial}, {@code 2 trials}. */
final class Counted {
  private Counted() {}

  static String of(long n, String noun) {
    return n + " " + noun + (n == 1 ? "" : "s");
  }
}
