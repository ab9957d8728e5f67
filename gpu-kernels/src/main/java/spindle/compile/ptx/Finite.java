package spindle.compile.ptx;

import spindle.compile.Layout;
import spindle.ir.DType;
import spindle.ir.Program;
import spindle.ir.Variable;

/**
 * Writes the search for state that is NaN or infinite: a device looks where its state is, and a
 * word says when it last found some, so that nobody has to set it back.
 */
final class Finite {
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  private final Program program;
  private final Layout layout;
  private final Arena arena;

  Finite(Program program, Layout layout, Arena arena) {
    this.program = program;
    this.layout = layout;
    this.arena = arena;
  }

  /** Looks once, after the last step of a launch. */
  Piece piece() {
    int most = 1;
    for (Variable v : program.variables()) {
      most = v.type().dtype().isFloat() ? Math.max(most, v.type().size()) : most;
    }
    return new Piece(most, Piece.Kind.OTHER, this::look);
  }

  private void look(Frame f) {
    Text t = f.t();
    String found = t.word("mov.b32", "0");
    for (Variable v : program.variables()) {
      DType d = v.type().dtype();
      if (d.isFloat() && v.type().isScalar()) {
        int offset = arena.slot(layout.scalarVariables().get(v.name()));
        f.once(() -> look(f, DType.F64, f.load(DType.F64, f.base(), offset), found));
      } else if (d.isFloat()) {
        int offset = arena.array(layout.variables().get(v.name()));
        f.each(
            v.type().length(),
            i -> look(f, d, f.load(d, f.at(f.base(), i, d.bytes()), offset), found));
      }
    }
    String end = t.label();
    t.jumpIf(t.test("setp.eq.s32", found, "0"), end);
    String when = f.table(arena.table("", Arena.Kind.NOT_FINITE));
    t.add("red.global.max.s32", "[" + when + "]", f.tick());
    t.place(end);
  }

  private static void look(Frame f, DType d, String x, String found) {
    String type = Text.type(d);
    String size = f.t().register(d, "abs." + type, x);
    String finite = f.t().test("setp.lt." + type, size, Text.constant(d, INFINITY));
    f.t().add("selp.b32", found, found, "1", finite);
  }
}
