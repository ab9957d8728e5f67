package spindle.job;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import spindle.result.Json;

/**
 * Trials that one Spark partition runs: places in the to-do file.
 *
 * @param seconds predicted wall time [s]
 */
record Pack(long[] offsets, int[] lengths, double seconds) implements Serializable {
  /** Number of trials. */
  int size() {
    return offsets.length;
  }

  /** Some of the trials, by their places here. */
  Pack of(List<Integer> places) {
    int[] ks = places.stream().mapToInt(k -> k).toArray();
    return new Pack(
        Arrays.stream(ks).mapToLong(k -> offsets[k]).toArray(),
        Arrays.stream(ks).map(k -> lengths[k]).toArray(),
        seconds * ks.length / size());
  }

  /** The trials themselves. */
  List<RunSpec.Line> lines(Path todo) throws IOException {
    var lines = new ArrayList<RunSpec.Line>();
    try (var file = new RandomAccessFile(todo.toFile(), "r")) {
      for (int k = 0; k < offsets.length; k++) {
        byte[] bytes = new byte[lengths[k]];
        file.seek(offsets[k]);
        file.readFully(bytes);
        lines.add(Json.parse(new String(bytes, StandardCharsets.UTF_8), RunSpec.Line.class));
      }
    }
    return lines;
  }
}
