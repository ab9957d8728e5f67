package spindle.sweep;

/** One thing wrong with a sweep file. */
record Problem(At at, String text) {}
