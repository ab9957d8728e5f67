package spindle.sweep;

/**
 * Where something was written, so that a message can point at it.
 *
 * @param source path of the file as the user gave it, or the {@code --set} argument
 * @param line from 1; 0 when the source has no lines
 * @param column from 1
 */
record At(String source, int line, int column) {
  static At override(String argument) {
    return new At("--set " + Secrets.redacted(argument), 0, 0);
  }

  boolean inFile() {
    return line > 0;
  }

  /** The place as part of a sentence: {@code line 8}. */
  String brief() {
    return inFile() ? "line " + line : source;
  }

  @Override
  public String toString() {
    return inFile() ? source + ":" + line + ":" + column : source + ":";
  }
}
