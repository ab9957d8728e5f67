package spindle.job;

import java.io.Serializable;

/**
 * A piece of the work that trials share, see {@link spindle.task.Task#shared}.
 *
 * @param trial one of these trials
 * @param piece number of the piece
 * @param round pieces of earlier rounds come before it
 */
record Share(Pack trial, int piece, int round) implements Serializable {}
