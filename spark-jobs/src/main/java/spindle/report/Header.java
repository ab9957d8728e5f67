package spindle.report;

/** The top of the page. */
record Header(Overview overview, Origin origin) {
  String html() {
    double wall = origin.wallSeconds();
    double span =
        (Tables.number(overview.totals(), "finished") - Tables.number(overview.totals(), "started"))
            * 1e-6;
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
        + "</header>\n"
        + overview.html(wall > 0 ? wall : span);
  }
}
