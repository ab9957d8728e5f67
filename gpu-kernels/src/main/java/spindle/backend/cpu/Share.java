package spindle.backend.cpu;

/**
 * The part of a stage that one thread does: a range of elements, or every so many chunks. Parts
 * never write the same element, so their number changes no bit.
 *
 * @param part from 0 on
 * @param parts number of parts
 */
record Share(int part, int parts) {
  static final Share WHOLE = new Share(0, 1);

  /** Every part but the last ends at a multiple of so many elements. */
  static final int ALIGNMENT = 64;

  /** First of {@code count} elements of this part; parts begin at cache lines. */
  int from(int count) {
    long even = (long) count * part / parts;
    return (int) (even / ALIGNMENT * ALIGNMENT);
  }

  /** Element behind the last of this part. */
  int to(int count) {
    return part + 1 == parts ? count : new Share(part + 1, parts).from(count);
  }
}
