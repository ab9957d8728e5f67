package spindle.backend.cpu;

import java.util.Map;
import java.util.Set;
import spindle.backend.EventLog;

/**
 * What all plans of one executable have in common.
 *
 * @param team threads
 * @param matrices by name of the rows
 * @param byTarget variables that are weights kept by target
 * @param rings events of the last steps, by variable
 * @param logs by recorded variable
 * @param written vectors that were replaced since the last step
 */
record Shared(
    Team team,
    Map<String, Matrix> matrices,
    Map<String, ByTarget> byTarget,
    Map<String, EventRing> rings,
    Map<String, EventLog> logs,
    Set<String> written) {}
