package spindle.backend.cuda;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import spindle.backend.Arguments;
import spindle.compile.Schedule;
import spindle.compile.ptx.Arena;
import spindle.compile.ptx.Kernels;
import spindle.ir.Program;

/** One trial of a pack with all that is its own. */
record Member(
    Trial trial, Tables tables, Map<String, Recording> recordings, List<Recording> pulled) {
  /**
   * Loads a trial.
   *
   * @param tables of its matrices
   * @param sharing how what it records is unpacked
   */
  static Member of(
      Schedule schedule,
      Kernels kernels,
      Arguments arguments,
      Tables tables,
      Recording.Sharing sharing,
      Held held) {
    Program program = schedule.program();
    var member =
        new Member(
            new Trial(schedule, kernels, arguments.scalars(), held),
            tables,
            new HashMap<>(),
            new ArrayList<>());
    for (String v : arguments.recorded()) {
      int neurons = program.variable(v).type().length();
      member.pulled.add(new Recording(neurons, sharing, held));
      member.recordings.put(v, member.pulled.get(member.pulled.size() - 1));
    }
    kernels
        .arena()
        .tables()
        .forEach((table, offset) -> member.trial.table(offset, member.address(table)));
    member.tables.forget();
    return member;
  }

  private long address(Arena.Table table) {
    return switch (table.kind()) {
      case RECORDING -> recordings.get(table.of()).address();
      case NOT_FINITE -> pulled.get(0).notFiniteAddress();
      case STARTS,
          TARGETS,
          SOURCES,
          WEIGHTS,
          TARGET_STARTS,
          TARGET_SOURCES,
          TARGET_NUMBERS,
          TARGET_WEIGHTS ->
          tables.make(table);
    };
  }

  /** Has what the last steps have recorded copied to the host. */
  void fetch(int steps, Driver.Stream after) {
    for (int k = 0; k < pulled.size(); k++) {
      pulled.get(k).fetch(steps, after);
    }
  }

  /** Unpacks a part of what was fetched, of steps from {@code step} on. */
  void unpack(int step, int steps, int part, int of) {
    for (int k = 0; k < pulled.size(); k++) {
      pulled.get(k).unpack(step, steps, part, of);
    }
  }

  /** Logs what was unpacked, and takes note of what was found. */
  void join(int of) {
    for (int k = 0; k < pulled.size(); k++) {
      pulled.get(k).join(of);
    }
    if (!pulled.isEmpty()) {
      trial.look(pulled.get(0).notFinite());
    }
  }

  /** Steps that its recordings have room for. */
  int room() {
    return recordings.values().stream().mapToInt(Recording::room).min().orElse(Integer.MAX_VALUE);
  }

  /** Device memory [B]. */
  long bytes() {
    return trial.bytes()
        + tables.bytes()
        + recordings.values().stream().mapToLong(Recording::bytes).sum();
  }
}
