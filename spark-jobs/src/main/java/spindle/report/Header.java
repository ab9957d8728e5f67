package spindle.report;

/** The top of the page. */
record Header(Overview overview, Origin origin, long kept) {
  String html() {
    String began = origin.began().isEmpty() ? "" : ", first run " + origin.began();
    String line =
        Numbers.count(overview.configurations(), "configuration")
            + ", "
            + Numbers.count(overview.trials(), "trial")
            + began;
    return "<header>\n<h1>"
        + Html.text(overview.sweep())
        + "</h1>\n"
        + Html.paragraph(line)
        + (kept == 0 ? "" : Html.note(keptInWords()))
        + "</header>\n"
        + overview.html(origin.ended());
  }

  private String keptInWords() {
    String trials = Numbers.count(kept, "trial");
    return kept == 1
        ? trials + " that is no longer in the plan is kept in the tables and left out here."
        : trials + " that are no longer in the plan are kept in the tables and left out here.";
  }
}
