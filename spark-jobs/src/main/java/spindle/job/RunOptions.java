package spindle.job;

/**
 * What the command line adds to a plan.
 *
 * @param root folder for results, empty: as the sweep says
 * @param retry which committed trials run again
 * @param takeover whether to take the sweep from a live driver
 * @param command how to call this run again, for messages: {@code spindle run a.yaml}
 */
public record RunOptions(String root, Retry retry, boolean takeover, String command) {}
