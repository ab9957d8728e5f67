package spindle.compile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import spindle.ir.DType;
import spindle.ir.Equation;
import spindle.ir.Op;
import spindle.ir.Program;

/**
 * Where products with a connectivity are needed at all: all that is made of one ends in the same
 * SELECT, which takes something else where its mask is 0. Such elements may be left out.
 */
public final class Needs {
  /** Everywhere. */
  public static final int ALL = -1;

  /** What nobody has read yet. */
  private static final int UNREAD = -2;

  private Needs() {}

  /**
   * For each equation that is a product of a float vector the place of the mask, computed before
   * it, where its elements are needed; {@link #ALL} for the others.
   */
  public static int[] of(Program p) {
    int n = p.equations().size();
    var masks = new int[n];
    Arrays.fill(masks, UNREAD);
    p.updates().forEach(u -> masks[u.value()] = ALL);
    for (int i = n - 1; i >= 0; i--) {
      Equation e = p.at(i);
      for (int k = 0; k < e.args().size(); k++) {
        int a = e.args().get(k);
        int mask = through(p, i, k, masks[i]);
        masks[a] = masks[a] == UNREAD || masks[a] == mask ? mask : ALL;
      }
    }
    return IntStream.range(0, n).map(i -> isFit(p, i, masks[i]) ? masks[i] : ALL).toArray();
  }

  /** Of all of a program, needed everywhere. */
  static int[] all(Program p) {
    var masks = new int[p.equations().size()];
    Arrays.fill(masks, ALL);
    return masks;
  }

  /** Where operand k of an equation is needed, if the equation is where {@code mask} says. */
  private static int through(Program p, int place, int k, int mask) {
    Equation e = p.at(place);
    if (e.op() == Op.SELECT && k == 1) {
      return e.args().get(0);
    }
    return e.op().isElementwise() && mask != UNREAD ? mask : ALL;
  }

  /** Whether a mask can tell a product's elements. */
  private static boolean isFit(Program p, int place, int mask) {
    Equation e = p.at(place);
    boolean product = e.op() == Op.PROPAGATE || e.op() == Op.TRANSMIT;
    return product
        && mask >= 0
        && mask < place
        && p.at(e.args().get(0)).type().dtype() != DType.EVENTS
        && p.at(mask).type().equals(e.type());
  }

  /** The places that must be computed before an equation. */
  static List<Integer> before(Program p, int place, int[] masks) {
    if (masks[place] == ALL) {
      return p.at(place).args();
    }
    var places = new ArrayList<>(p.at(place).args());
    places.add(masks[place]);
    return places;
  }
}
