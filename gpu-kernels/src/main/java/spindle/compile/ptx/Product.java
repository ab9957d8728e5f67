package spindle.compile.ptx;

import spindle.ir.DType;
import spindle.ir.Direction;
import spindle.ir.Rows;

/**
 * A product through rows.
 *
 * @param weights offset of weights by synapse in the arena, or -1 for the rows' own
 * @param target offset of the result in the arena
 * @param dtype of weights by synapse, elements and result
 * @param batch elements per neuron
 * @param counts whether the result is a whole number
 */
record Product(
    Rows rows,
    Direction direction,
    int weights,
    int target,
    DType dtype,
    int batch,
    boolean counts) {
  /** Number of targets times batch. */
  int elements() {
    return Math.multiplyExact(direction.targets(rows), batch);
  }

  /** The member of the batch and the neuron of an element: two registers. */
  String[] split(Text t, String element) {
    return batch == 1
        ? new String[] {element, "0"}
        : new String[] {
          t.word("div.u32", element, Integer.toString(batch)),
          t.word("rem.u32", element, Integer.toString(batch))
        };
  }

  /** The element of a neuron in a member of the batch. */
  String element(Text t, String neuron, String member) {
    return batch == 1 ? neuron : t.word("mad.lo.s32", neuron, Integer.toString(batch), member);
  }

  /** Converts a weight of the rows to the type of the product. */
  String weight(Text t, String w, DType from) {
    if (w.isEmpty() || from == dtype) {
      return w;
    }
    String to = t.register(dtype);
    t.add(dtype == DType.F64 ? "cvt.f64.f32" : "cvt.rn.f32.f64", to, w);
    return to;
  }

  /** Makes a sum sum + x w, rounded once, where an empty operand is 1. */
  void add(Text t, String sum, String x, String w) {
    String type = Text.type(dtype);
    if (!x.isEmpty() && !w.isEmpty()) {
      t.add("fma.rn." + type, sum, x, w, sum);
    } else {
      String one = Text.constant(dtype, 1);
      String addend = x.isEmpty() ? w.isEmpty() ? one : w : x;
      t.add("add.rn." + type, sum, sum, addend);
    }
  }

  /** Adds x w to an element of the result, as {@link #add} does. */
  void increase(Frame f, String element, String x, String w) {
    String at = f.at(f.base(), element, dtype.bytes());
    String sum = f.load(dtype, at, target);
    add(f.t(), sum, x, w);
    f.store(dtype, at, target, sum);
  }

  /** Adds 0 to a sum, which leaves no -0, and stores it. */
  void finish(Frame f, String sum, String element) {
    Text t = f.t();
    t.add("add.rn." + Text.type(dtype), sum, sum, Text.constant(dtype, 0));
    f.store(dtype, f.at(f.base(), element, dtype.bytes()), target, sum);
  }
}
