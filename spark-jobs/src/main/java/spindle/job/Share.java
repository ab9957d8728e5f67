package spindle.job;

import java.io.Serializable;

/**
 * A piece of the work that trials share, see {@link spindle.task.Task#shared}.
 *
 * @param trial one of these trials
 * @param piece number of the piece
 */
record Share(Pack trial, int piece) implements Serializable {}
