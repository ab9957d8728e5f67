package spindle.compile;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import spindle.ir.Program;
import spindle.ir.Rows;

/**
 * Walks rows that take their turns together, a lane each. A lane whose row has ended takes the next
 * one, so that none waits for the longest.
 */
final class Lockstep {
  static final int LANES = 512;

  /** Turns before rows that have ended are looked for: what they draw beyond their end is lost. */
  private static final int TURNS = 2;

  private final Sheet turns;
  private final int[] numbersOfRows;
  private final int[] firsts;
  private final int[] ends;
  private final int[][] given;
  private final int[][] taken;
  private final int[] cursors;
  private final int[] numbers;
  private final int[][] columns;
  private final Events ended;
  private int end;

  /** How many lanes have a row. */
  private int live;

  /** The next row to begin, of those that wait. */
  private int next;

  private int waiting;

  /**
   * @param rows computes the values of rows
   * @param counts in which columns are counted, or nothing: they are only shown
   */
  Lockstep(RowParts parts, Sheet rows, Sheet.Inputs inputs, Mode mode, Optional<Counts> counts) {
    List<String> shown = IntStream.range(0, TURNS).mapToObj(t -> RowParts.COLUMNS + t).toList();
    Program program = parts.turnProgram(LANES, TURNS, counts.isPresent());
    Sheet.Tallied tallied = counts.map(c -> new Sheet.Tallied(shown, c)).orElse(Sheet.Tallied.NONE);
    this.turns = new Sheet(program, inputs, mode, tallied);
    this.numbersOfRows = (int[]) rows.find(RowParts.ROWS);
    this.firsts = (int[]) rows.find(parts.outputName(Rows.FIRST));
    this.ends = (int[]) rows.find(parts.outputName(Rows.END));
    String[] read = parts.readByTurns().stream().map(RowParts::name).toArray(String[]::new);
    this.given = Arrays.stream(read).map(rows::find).toArray(int[][]::new);
    this.taken = Arrays.stream(read).map(turns::find).toArray(int[][]::new);
    this.cursors = (int[]) turns.find(RowParts.CURSORS);
    this.numbers = (int[]) turns.find(RowParts.TURNS);
    this.ended = turns.events(RowParts.ENDED);
    this.columns = shown.stream().map(turns::find).toArray(int[][]::new);
  }

  /** Sets what counts the columns, once: each walk leaves nothing to count behind. */
  void countBy(LateCount late) {
    turns.countIn(late.counts());
    turns.set(RowParts.SPILL, late.spill());
    for (int[] c : columns) {
      late.empty(c, 0, LANES);
    }
  }

  /** Begins a chunk of rows of which the first values have been computed. */
  void begin(int chunk) {
    turns.set(Rows.CHUNK, chunk);
    end = ends[0];
    live = 0;
  }

  /** Walks until all {@code count} rows whose values have been computed have begun. */
  void take(int count, LaneVisitor visitor) {
    next = 0;
    waiting = count;
    fill(visitor);
    while (live == LANES) {
      turn(visitor);
    }
  }

  /** The next rows begin in lanes behind the others. */
  private void fill(LaneVisitor visitor) {
    int some = Math.min(LANES - live, waiting - next);
    for (int v = 0; v < given.length; v++) {
      System.arraycopy(given[v], next, taken[v], live, some);
    }
    Arrays.fill(numbers, live, live + some, 0);
    for (int i = 0; i < some; i++) {
      cursors[live + i] = first(next + i);
      visitor.begin(live + i, numbersOfRows[next + i]);
    }
    live += some;
    next += some;
  }

  /** Walks what is left of the rows that have begun. */
  void finish(LaneVisitor visitor) {
    while (live > 0) {
      turn(visitor);
    }
  }

  /**
   * Takes some turns; the next rows, then the last lanes, take the place of rows that have ended.
   */
  private void turn(LaneVisitor visitor) {
    int before = live;
    turns.run(0, live);
    for (int[] c : columns) {
      visitor.turn(c, live, end);
    }
    int[] over = ended.indices();
    int count = ended.count();
    while (count > 0 && over[count - 1] >= live) {
      count--;
    }
    int filled = 0;
    while (filled < count && next < waiting) {
      int lane = over[filled++];
      visitor.end(lane);
      begin(lane, next++, visitor);
    }
    while (count > filled) {
      int lane = over[--count];
      visitor.end(lane);
      move(--live, lane, visitor);
    }
    for (int[] c : columns) {
      visitor.leave(c, live, before);
    }
  }

  private void begin(int lane, int row, LaneVisitor visitor) {
    for (int v = 0; v < given.length; v++) {
      taken[v][lane] = given[v][row];
    }
    cursors[lane] = first(row);
    numbers[lane] = 0;
    visitor.begin(lane, numbersOfRows[row]);
  }

  /** A row without columns takes a lane for a turn like others; none begins beyond the end. */
  private int first(int row) {
    return Math.min(firsts[row], end);
  }

  private void move(int lane, int to, LaneVisitor visitor) {
    for (int[] value : taken) {
      value[to] = value[lane];
    }
    cursors[to] = cursors[lane];
    numbers[to] = numbers[lane];
    visitor.move(lane, to);
  }
}
