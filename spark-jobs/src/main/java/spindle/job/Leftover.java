package spindle.job;

import java.io.Serializable;
import java.util.List;

/**
 * What a task tells in the end: what it could not do because the GPU of its process was lost.
 *
 * @param packs to be run by other processes, each apart from the others
 * @param executor whose process is of no use any more
 * @param why in a line; empty where nothing is left
 * @param remark for the user, in a line; empty where there is none
 */
record Leftover(List<Pack> packs, String executor, String why, String remark)
    implements Serializable {
  /** A task that did all of its work. */
  static final Leftover NOTHING = new Leftover(List.of(), "", "", "");

  /** The same with something for the user. */
  Leftover with(String said) {
    return new Leftover(packs, executor, why, said);
  }
}
