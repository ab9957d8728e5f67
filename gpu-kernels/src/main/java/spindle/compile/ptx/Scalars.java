package spindle.compile.ptx;

import java.util.HashSet;
import java.util.Set;
import spindle.compile.Layout;
import spindle.compile.Schedule;
import spindle.compile.Stage;
import spindle.ir.DType;

/** Where a step finds its scalars. */
final class Scalars {
  private final Arena arena;

  /** Slots that some stage writes. */
  private final Set<Integer> written = new HashSet<>();

  Scalars(Schedule schedule, Arena arena) {
    this.arena = arena;
    for (Stage stage : schedule.stages()) {
      if (stage instanceof Stage.Loops s) {
        s.loops().forEach(loop -> written.addAll(loop.results().values()));
      } else if (stage instanceof Stage.CopySlot s) {
        written.add(s.to());
      } else if (stage instanceof Stage.Total s) {
        written.add(s.slot());
      }
    }
  }

  /** Loads a scalar as a type. */
  String load(Frame f, int slot, DType as) {
    Text t = f.t();
    if (slot == Layout.TIME_SLOT) {
      return Elements.cast(t, f.time(), DType.F64, as);
    }
    if (!written.contains(slot)) {
      return f.constant(arena.slot(slot), as);
    }
    return Elements.cast(t, f.load(DType.F64, f.base(), arena.slot(slot)), DType.F64, as);
  }
}
