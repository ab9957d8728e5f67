package spindle.backend.cuda;

import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import spindle.backend.EventLog;
import spindle.backend.Executable;
import spindle.backend.Snapshot;
import spindle.ir.DType;
import spindle.ir.Program;
import spindle.ir.Type;

/** A trial of a pack. */
final class CudaExecutable implements Executable {
  private final Pack pack;
  private final Pack.Handling handling;
  private final Program program;
  private final Member member;
  private final Trial trial;
  private final Tables tables;

  CudaExecutable(Pack pack, Member member, Pack.Handling handling) {
    this.pack = pack;
    this.handling = handling;
    this.program = pack.program();
    this.member = member;
    this.trial = member.trial();
    this.tables = member.tables();
  }

  @Override
  public void run(int from, int steps) {
    handling.run(pack, from, steps);
  }

  @Override
  public void read(String variable, int[] indices, double[] out) {
    pack.use();
    trial.read(variable, indices, out);
  }

  @Override
  public void write(String variable, double[] values) {
    pack.use();
    trial.write(variable, values);
  }

  @Override
  public void write(String variable, float[] values) {
    pack.use();
    trial.write(variable, values);
  }

  @Override
  public void read(String variable, float[] out) {
    pack.use();
    trial.read(variable, out);
  }

  @Override
  public void save(Snapshot to) {
    pack.use();
    for (String v : to.names()) {
      if (to.isEvents(v)) {
        trial.save(v, to.events(v));
      } else {
        trial.save(v, to.array(v));
      }
    }
  }

  @Override
  public void restore(Snapshot from) {
    from.requireFit(program);
    pack.use();
    for (String v : from.names()) {
      if (program.variables().stream().noneMatch(own -> own.name().equals(v))) {
        continue;
      }
      if (from.isEvents(v)) {
        trial.restore(v, from.events(v));
      } else {
        trial.restore(v, from.array(v));
      }
    }
  }

  @Override
  public EventLog log(String variable) {
    Recording recording = member.recordings().get(variable);
    if (recording == null) {
      throw new NoSuchElementException(
          variable + " is not recorded; recorded: " + member.recordings().keySet());
    }
    return recording.log();
  }

  @Override
  public int firstNonFinite(String variable) {
    if (trial.isFinite()) {
      return -1;
    }
    pack.use();
    Type type = program.variable(variable).type();
    if (type.dtype() != DType.F32 && type.dtype() != DType.F64) {
      return -1;
    }
    int[] all = IntStream.range(0, type.size()).toArray();
    var values = new double[all.length];
    trial.read(variable, all, values);
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public long synapses(String rows) {
    return tables.degrees(rows).synapses();
  }

  @Override
  public int[] outDegrees(String rows) {
    return tables.degrees(rows).out().clone();
  }

  @Override
  public long bytes() {
    return member.bytes();
  }

  @Override
  public long bytes(String rows) {
    return tables.bytes(rows);
  }

  @Override
  public String shape() {
    return pack.shapeName();
  }

  @Override
  public double compileSeconds() {
    return pack.compileSeconds();
  }

  @Override
  public void close() {
    handling.close(pack);
  }
}
