package spindle.connect;

import spindle.ir.DType;
import spindle.ir.Deviates;
import spindle.ir.Expr;
import spindle.ir.Op;

/**
 * A keyed permutation of {@code [0, size)}: a row's targets are the first images of 0, 1, 2, ...
 * and so are distinct without being remembered.
 *
 * <p>An unbalanced Feistel network on a rectangle a x b that just holds the range (Black and
 * Rogaway 2002); images beyond the range, fewer than one in sqrt(size), are passed over.
 *
 * @param size number of elements, at least 1
 */
record Permutation(int size) {
  /** Up to this size, subsets of images can be counted, and few rounds leave them uneven. */
  private static final int SMALL = 1024;

  /** Rounds after which no chi-square test over 400,000 rows finds a subset favoured. */
  private int rounds() {
    return size <= SMALL ? 16 : 6;
  }

  int height() {
    int a = (int) Math.ceil(Math.sqrt(size));
    return Math.max(1, a);
  }

  int width() {
    return (int) (((long) size + height() - 1) / height());
  }

  /** Number of cells, at least {@code size}. */
  int cells() {
    return Math.multiplyExact(height(), width());
  }

  /** The image of a cell, in {@code [0, cells)}. */
  Expr image(Expr cell, Deviates.Keys keys) {
    int a = height();
    int b = width();
    // cell = left * b + right, split by an exact division: cell < 2^31 has an exact f64 quotient.
    Expr left = cell.as(DType.F64).plus(0.5).over(b).as(DType.I32);
    Expr right = cell.minus(left.times(b));
    for (int round = 0; round < rounds(); round++) {
      if (round % 2 == 0) {
        left = shifted(left, keys.bits(right.times(rounds()).plus(round)), a);
      } else {
        right = shifted(right, keys.bits(left.times(rounds()).plus(round)), b);
      }
    }
    return left.times(b).plus(right);
  }

  /** (x + something uniform in [0, modulus)) mod modulus. */
  private static Expr shifted(Expr x, Expr bits, int modulus) {
    Expr sum = x.plus(Deviates.below(bits.like(modulus), bits)).minus(modulus);
    Expr negative = sum.apply(Op.SHR, sum.like(31));
    return sum.plus(negative.times(modulus));
  }
}
