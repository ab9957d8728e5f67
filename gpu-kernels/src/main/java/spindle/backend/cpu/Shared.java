package spindle.backend.cpu;

import java.util.Map;
import spindle.backend.EventLog;

/**
 * What all plans of one executable have in common.
 *
 * @param team threads
 * @param matrices by name of the rows
 * @param byTarget variables that are weights kept by target
 * @param rings events of the last steps, by variable
 * @param logs by recorded variable
 * @param gathered by each variable that gathers pairs, whether it may hold a -0
 */
record Shared(
    Team team,
    Map<String, Matrix> matrices,
    Map<String, ByTarget> byTarget,
    Map<String, EventRing> rings,
    Map<String, EventLog> logs,
    Map<String, boolean[]> gathered) {}
