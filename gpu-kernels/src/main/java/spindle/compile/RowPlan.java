package spindle.compile;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import spindle.ir.Lower;
import spindle.ir.Op;
import spindle.ir.Program;
import spindle.ir.Rows;

/**
 * How lowered rows are run: what is computed per row, which loops make the draws, where both live.
 *
 * @param parts the body by what it depends on
 * @param parameters the rows' own parameters in order
 * @param draws the loops over synapse numbers
 * @param valueSlots slot of each value of the row that later parts read
 * @param drawArrays array of each draw that the walk reads
 * @param baseSlot slot of the number of a block's first synapse, or -1 without draws
 * @param slots number of slots
 */
record RowPlan(
    RowParts parts,
    List<String> parameters,
    Schedule draws,
    Map<Integer, Integer> valueSlots,
    Map<Integer, Integer> drawArrays,
    int baseSlot,
    int slots) {

  static RowPlan of(Rows rows, Mode mode) {
    RowParts parts = RowParts.of(rows);
    Schedule draws = Schedule.of(Lower.of(parts.drawProgram()), mode);
    Map<String, Integer> named = namedSlots(draws);
    var valueSlots = new LinkedHashMap<Integer, Integer>();
    int slots = draws.layout().slotCount();
    for (int place : parts.rowValues()) {
      Integer slot = named.get(RowParts.name(place));
      valueSlots.put(place, slot == null ? slots++ : slot);
    }
    var drawArrays = new LinkedHashMap<Integer, Integer>();
    for (int place : parts.draws()) {
      drawArrays.put(place, draws.layout().variables().get(RowParts.name(place)));
    }
    int base = named.getOrDefault(RowParts.BASE, -1);
    return new RowPlan(parts, parameters(rows), draws, valueSlots, drawArrays, base, slots);
  }

  private static Map<String, Integer> namedSlots(Schedule draws) {
    var named = new LinkedHashMap<String, Integer>();
    Program p = draws.program();
    draws
        .layout()
        .slots()
        .forEach(
            (place, slot) -> {
              if (p.at(place).op() == Op.PARAM) {
                named.put(p.at(place).name(), slot);
              }
            });
    return named;
  }

  private static List<String> parameters(Rows rows) {
    Set<String> own = Set.of(Rows.ROW, Rows.CHUNK, Rows.K, Rows.CURSOR);
    return rows.body().parameters().keySet().stream().filter(p -> !own.contains(p)).toList();
  }
}
