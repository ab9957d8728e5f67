package spindle.sweep;

import java.io.Serializable;

/**
 * One trial of a plan, small enough to make by the million.
 *
 * @param index position in the plan; ascending, with gaps where {@code where} removed points
 * @param trialId first 32 hex digits of SHA-256 over configuration, seed and replicate
 * @param configId first 32 hex digits of SHA-256 over the canonical configuration
 * @param resultKey as {@code trialId} with the numerics version, recording and guards: what reuse
 *     compares
 * @param replicate replicate number, from 0
 * @param seed seed of every random number of the trial
 */
public record PlannedTrial(
    long index, String trialId, String configId, String resultKey, int replicate, long seed)
    implements Serializable {}
