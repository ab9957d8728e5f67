package spindle.train.loop;

/**
 * A point of a training curve.
 *
 * @param metric name of a metric of the trainee
 * @param part what it was measured on
 * @param epoch epochs that are finished
 * @param update updates that are finished
 * @param value mean over the samples of the part
 */
public record Point(String metric, Part part, int epoch, long update, double value) {}
