package spindle.model;

/**
 * A receptor of a population. Projections onto equal receptors share one state (align-post
 * merging), which is exact because the dynamics are linear in the arriving weights.
 *
 * @param name names its state: {@code g_exc}
 * @param synapse dynamics
 * @param output action on the membrane
 */
public record Receptor(String name, Synapse synapse, Output output) {}
