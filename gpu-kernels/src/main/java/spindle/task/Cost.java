package spindle.task;

/**
 * What a trial is predicted to take, before it runs.
 *
 * @param neuronSteps neurons x steps
 * @param events expected synaptic events
 * @param synapses expected stored or regenerated synapses
 * @param seconds predicted wall time on one core of this class of machine [s]
 * @param bytes predicted memory [B]
 * @param recordedBytes predicted size of what it records [B]
 */
public record Cost(
    double neuronSteps,
    double events,
    double synapses,
    double seconds,
    double bytes,
    double recordedBytes) {}
