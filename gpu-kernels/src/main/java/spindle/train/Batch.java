package spindle.train;

import spindle.ir.DType;
import spindle.ir.Expr;
import spindle.ir.Trace;

/**
 * Members of a batch side by side, as products take them: element j of member b is at {@code j *
 * members + b} of a vector. An element is a neuron, a class or a channel.
 *
 * <p>Sums go from the first element or member to the last.
 *
 * @param trace where expressions are written
 * @param members size of the batch
 */
public record Batch(Trace trace, int members) {
  private static final int EXACT = 1 << 23;

  public Batch {
    if (members < 1) {
      throw new IllegalArgumentException("a batch has at least 1 member, got " + members);
    }
  }

  /**
   * Elements per member.
   *
   * @throws IllegalArgumentException if {@code x} is not a whole number of elements per member
   */
  public int size(Expr x) {
    int length = x.type().length();
    if (length < 0 || length % members != 0) {
      throw new IllegalArgumentException(
          "a batch of " + members + " needs a multiple of it in elements, got " + x.type());
    }
    return length / members;
  }

  /**
   * j along a vector of {@code size} elements per member, i32.
   *
   * <p>(i + 1/2) / members is at least 1 / (2 members) away from every integer. In f32 it is off by
   * less for i below 2^23, and vectors of floats are faster to divide.
   */
  public Expr element(int size) {
    Expr i = index(size);
    DType dtype = i.type().length() <= EXACT ? DType.F32 : DType.F64;
    return members == 1 ? i : i.as(dtype).plus(0.5).over(members).as(DType.I32);
  }

  /** b along a vector of {@code size} elements per member, i32. */
  public Expr member(int size) {
    return index(size).minus(element(size).times(members));
  }

  private Expr index(int size) {
    return trace.index(Math.multiplyExact(size, members));
  }

  /** What each member has, given to each of its {@code size} elements. */
  public Expr spread(Expr perMember, int size) {
    return trace.gather(perMember, member(size));
  }

  /** Element {@code which} of each member; {@code which} is i32 per member. */
  public Expr pick(Expr x, Expr which) {
    return trace.gather(x, place(which));
  }

  /** 1 at element {@code which} of each member, else 0. */
  public Expr oneHot(Expr which, int size, DType dtype) {
    Expr ones = trace.index(members).as(dtype).times(0).plus(1);
    return trace.scatter(ones, place(which), Math.multiplyExact(size, members));
  }

  private Expr place(Expr which) {
    return which.times(members).plus(trace.index(members));
  }

  /** The sum over the elements of each member. */
  public Expr sumElements(Expr x) {
    return trace.scatter(x, member(size(x)), members);
  }

  /** The sum over the members for each element. */
  public Expr sumMembers(Expr x) {
    return trace.scatter(x, element(size(x)), size(x));
  }

  /**
   * The maximum over the elements of each member, NaN if one is NaN.
   *
   * <p>The larger of the first and the last half, until one element is left. The halves of an odd
   * number share the element in the middle, which changes no maximum.
   */
  public Expr maxElements(Expr x) {
    Expr max = x;
    for (int size = size(x); size > 1; size = (size + 1) / 2) {
      int half = (size + 1) / 2;
      Expr first = index(half);
      Expr last = first.plus((size - half) * members);
      max = trace.gather(max, first).max(trace.gather(max, last));
    }
    return max;
  }

  /** The sum over the members of what each has, a scalar. */
  public Expr sum(Expr perMember) {
    return trace.sum(perMember);
  }

  /** The mean over the members of what each has, a scalar. */
  public Expr mean(Expr perMember) {
    return trace.sum(perMember).over(members);
  }

  /**
   * The mean over the members that are there, a scalar: the last batch of a data set is seldom
   * full.
   *
   * @param present 1 for members that count, else 0; one at least counts
   */
  public Expr mean(Expr perMember, Expr present) {
    return trace.sum(perMember.times(present)).over(trace.sum(present));
  }
}
