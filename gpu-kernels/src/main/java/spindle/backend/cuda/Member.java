package spindle.backend.cuda;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import spindle.backend.Arguments;
import spindle.compile.Schedule;
import spindle.compile.ptx.Arena.Kind;
import spindle.compile.ptx.Kernels;
import spindle.ir.Program;

/** One trial of a pack with all that is its own. */
record Member(
    Trial trial, Tables tables, Map<String, Recording> recordings, List<Recording> pulled) {
  static Member of(Schedule schedule, Kernels kernels, Arguments arguments, Held held) {
    Program program = schedule.program();
    var member =
        new Member(
            new Trial(schedule, kernels, arguments.scalars(), held),
            new Tables(program, arguments.scalars(), held),
            new HashMap<>(),
            new ArrayList<>());
    for (String v : arguments.recorded()) {
      int neurons = program.variable(v).type().length();
      member.pulled.add(new Recording(neurons, held));
      member.recordings.put(v, member.pulled.get(member.pulled.size() - 1));
    }
    kernels
        .arena()
        .tables()
        .forEach(
            (table, offset) ->
                member.trial.table(
                    offset,
                    table.kind() == Kind.RECORDING
                        ? member.recordings.get(table.of()).address()
                        : member.tables.make(table)));
    member.tables.forget();
    return member;
  }

  /** Logs the steps {@code [step, step + steps)}. */
  void pull(int step, int steps) {
    for (int k = 0; k < pulled.size(); k++) {
      pulled.get(k).pull(step, steps);
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
