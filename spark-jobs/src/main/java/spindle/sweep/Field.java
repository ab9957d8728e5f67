package spindle.sweep;

/**
 * A value with the path that led to it.
 *
 * @param path dotted, as in messages: {@code execution.failures.same_error}
 * @param keyAt place of the key
 */
record Field(String path, At keyAt, Node value) {
  At at() {
    return value.at();
  }
}
