package spindle.compile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import spindle.ir.DType;
import spindle.ir.Equation;
import spindle.ir.Expr;
import spindle.ir.Op;
import spindle.ir.Program;
import spindle.ir.Rows;
import spindle.ir.Trace;
import spindle.ir.Type;
import spindle.ir.Update;
import spindle.ir.Variable;

/**
 * The body of a row loop in three parts by what its equations depend on: the row alone, the number
 * of the synapse (the draws), the cursor.
 *
 * <p>Draws do not wait for the cursor, so a loop over the synapse number computes many at once with
 * vector instructions; only the short rest is walked one synapse after the other.
 *
 * @param outputs place of each output of the body
 * @param changing for each equation: 0 row alone, 1 draw, 2 cursor
 * @param read places of row values and draws that a later part reads
 */
record RowParts(Program body, Map<String, Integer> outputs, int[] changing, Set<Integer> read) {
  /** Draws computed at once. */
  static final int BLOCK = 256;

  /** The parameter of the draws that holds the number of the first synapse of a block. */
  static final String BASE = "base";

  static RowParts of(Rows rows) {
    Program body = rows.body();
    var outputs = new LinkedHashMap<String, Integer>();
    for (Update u : body.updates()) {
      outputs.put(u.variable(), u.value());
    }
    int[] changing = changing(body);
    var read = new LinkedHashSet<Integer>(outputs.values());
    for (int i = 0; i < changing.length; i++) {
      for (int a : body.at(i).args()) {
        if (changing[a] < changing[i]) {
          read.add(a);
        }
      }
    }
    read.removeIf(i -> changing[i] == 2 || body.at(i).op() == Op.CONST);
    return new RowParts(body, outputs, changing, read);
  }

  private static int[] changing(Program body) {
    var changing = new int[body.equations().size()];
    for (int i = 0; i < changing.length; i++) {
      Equation e = body.at(i);
      int own =
          switch (e.name()) {
            case Rows.K -> 1;
            case Rows.CURSOR -> 2;
            default -> 0;
          };
      changing[i] = e.args().stream().mapToInt(a -> changing[a]).max().orElse(own);
    }
    return changing;
  }

  /** Row values that later parts read, in order of their slots. */
  List<Integer> rowValues() {
    return read.stream().filter(i -> changing[i] == 0).toList();
  }

  /** Draws that the walk reads. */
  List<Integer> draws() {
    return read.stream().filter(i -> changing[i] == 1).toList();
  }

  /** The name of a row value or draw in the program of the draws. */
  static String name(int place) {
    return "v" + place;
  }

  /** The draws as a program over vectors of {@link #BLOCK} synapse numbers. */
  Program drawProgram() {
    var trace = new Trace(body.name() + " draws");
    var values = new ArrayList<Expr>();
    for (int i = 0; i < changing.length; i++) {
      values.add(changing[i] == 2 ? trace.constant(DType.I32, 0) : draw(trace, values, i));
    }
    for (int i : draws()) {
      trace.declare(Variable.of(name(i), Type.vector(body.at(i).type().dtype(), BLOCK)));
      trace.store(name(i), values.get(i));
    }
    return trace.finish();
  }

  private Expr draw(Trace trace, List<Expr> values, int i) {
    Equation e = body.at(i);
    if (e.op() == Op.CONST) {
      return trace.constant(e.type().dtype(), e.value());
    }
    if (e.name().equals(Rows.K)) {
      return trace.index(BLOCK).plus(trace.parameter(BASE, DType.I32));
    }
    if (changing[i] == 0) {
      return trace.parameter(name(i), e.type().dtype());
    }
    return trace.repeat(e, e.args().stream().map(values::get).toList());
  }
}
