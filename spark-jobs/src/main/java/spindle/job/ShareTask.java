package spindle.job;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.TaskContext;
import scala.Function1;
import scala.collection.Iterator;
import spindle.result.Json;
import spindle.result.Layout;
import spindle.result.StageFiles;
import spindle.task.Trial;

/**
 * What Spark runs before the trials: pieces of long work that trials share, each left as a file.
 *
 * <p>Nothing depends on it but time: a trial does itself what it does not find.
 */
final class ShareTask implements Function1<Iterator<Share>, Integer>, Serializable {
  private final String spec;
  private final Tally.Counters counters;

  ShareTask(RunSpec spec, Tally.Counters counters) {
    this.spec = Json.line(spec);
    this.counters = counters;
  }

  @Override
  public Integer apply(Iterator<Share> shares) {
    int done = 0;
    try {
      RunSpec run = Json.parse(spec, RunSpec.class);
      Path drain = run.header().layout().drain(run.header().runId());
      for (; shares.hasNext() && !stopped(drain); done++) {
        work(run, shares.next());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return done;
  }

  private static boolean stopped(Path drain) {
    return Files.exists(drain) || TaskContext.get().isInterrupted();
  }

  private void work(RunSpec run, Share share) throws IOException {
    Layout layout = run.header().layout();
    Tally.Lap lap = counters.begin();
    for (RunSpec.Line line : share.trial().lines(layout.todo(run.header().runId()))) {
      attempt(run, line, share.piece());
      lap.work(share.trial().seconds());
    }
  }

  private static void attempt(RunSpec run, RunSpec.Line line, int piece) {
    try {
      Trial trial = run.trial(line, Gpus.assigned(run.header().backend()).backend());
      run.task().share(trial, piece, new StageFiles(run.header().layout()));
    } catch (Throwable thrown) {
      // The trial will meet it too, and has a row to say so.
    }
  }
}
