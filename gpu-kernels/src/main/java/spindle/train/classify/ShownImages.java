package spindle.train.classify;

import java.util.Arrays;
import java.util.Map;
import spindle.backend.Backend;
import spindle.backend.Snapshot;
import spindle.ir.DType;
import spindle.ir.Trace;
import spindle.ir.Type;
import spindle.ir.Variable;
import spindle.train.data.Images;
import spindle.train.loop.Minibatch;
import spindle.train.loop.Part;

/** Images whose pixels are encoded one by one, {@link Encoded}. */
public final class ShownImages implements Samples {
  private static final int GREYS = 256;

  private final Map<Part, Images> images;
  private final float[] greys;

  /**
   * Prepares images.
   *
   * @param images of each part; all of one shape
   */
  public ShownImages(Map<Part, Images> images, Encoded stimulus, Backend backend) {
    this.images = Map.copyOf(images);
    this.greys = greys(stimulus, backend);
  }

  /** What a stimulus holds for each grey level. */
  private static float[] greys(Encoded stimulus, Backend backend) {
    var trace = new Trace("encoded greys");
    Type type = Type.vector(DType.F32, GREYS);
    trace.declare(Variable.of("x", type));
    var intensity = trace.index(GREYS).as(DType.F32).over(255);
    trace.store("x", stimulus.encoded(trace, intensity));
    return (float[]) Snapshot.after(trace.finish(), Stimulus.arguments(0), backend).array("x");
  }

  @Override
  public int count(Part part) {
    return images.get(part).count();
  }

  @Override
  public int label(Part part, int sample) {
    return images.get(part).label(sample);
  }

  @Override
  public Map<String, float[]> shown(Minibatch batch, int members) {
    Images from = images.get(batch.part());
    int pixels = from.rows() * from.columns();
    var x = new float[Math.multiplyExact(pixels, members)];
    Arrays.fill(x, greys[0]);
    for (int b = 0; b < batch.size(); b++) {
      int first = batch.samples()[b] * pixels;
      for (int j = 0; j < pixels; j++) {
        x[j * members + b] = greys[from.pixels()[first + j] & 0xff];
      }
    }
    return Map.of(Encoded.X, x);
  }
}
