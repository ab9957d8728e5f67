package spindle.report;

import static org.apache.spark.sql.functions.array_join;
import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.countDistinct;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.min_by;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.slice;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import spindle.result.Table;

/** What went wrong, grouped by cause, with the parameters it went wrong at. */
final class FailureSection {
  private static final int MOST_GROUPS = 30;
  private static final int EXAMPLES = 3;

  private FailureSection() {}

  static String html(Tables tables, boolean some) {
    List<Row> statuses = some ? statuses(tables) : List.of();
    List<Row> causes = causes(tables);
    var examples = new ArrayList<>(trials(statuses));
    examples.addAll(trials(causes));
    Map<String, String> settings = examples.isEmpty() ? Map.of() : Settings.of(tables, examples);
    String ended = statuses.isEmpty() ? "" : ended(statuses, settings);
    String errors = causes.isEmpty() ? "" : errors(causes, settings);
    String body =
        ended.isEmpty() && errors.isEmpty()
            ? Html.paragraph("Every trial is ok, at the first attempt.")
            : ended + errors;
    return Html.section("failures", "Failures", body);
  }

  /** Trials that are not ok, by status and reason; numbers in reasons are no part of the cause. */
  private static List<Row> statuses(Tables tables) {
    var cause = regexp_replace(coalesce(col("status_reason"), lit("")), "[0-9][0-9.eE+-]*", "#");
    return tables
        .of(Table.TRIALS)
        .filter("status <> 'ok'")
        .groupBy(col("status"), cause.as("cause"))
        .agg(
            count(lit(1)).as("n"),
            min("status_reason").as("reason"),
            slice(array_sort(collect_set("trial_id")), 1, EXAMPLES).as("examples"))
        .orderBy(col("n").desc(), col("status"), col("cause"))
        .limit(MOST_GROUPS)
        .collectAsList();
  }

  private static String ended(List<Row> groups, Map<String, String> settings) {
    var rows = new ArrayList<String>();
    for (Row r : groups) {
      rows.add(
          Html.row(
              Html.td("<span class=\"status bad\">" + Html.text(r.getString(0)) + "</span>"),
              Html.number(Numbers.count(Tables.whole(r, "n"))),
              Html.td(Html.text(Tables.string(r, "reason"))),
              Html.td(examples(r, settings))));
    }
    var heads = List.of("Status", "#Trials", "Reason (one of them)", "For example");
    return "<h3>Trials that are not ok</h3>\n" + Html.table(heads, rows) + cut(groups);
  }

  private static String cut(List<Row> groups) {
    boolean all = groups.size() < MOST_GROUPS;
    return all ? "" : Html.note("The " + MOST_GROUPS + " most frequent causes are listed.");
  }

  private static List<Row> causes(Tables tables) {
    return tables
        .of(Table.FAILURES)
        .groupBy("fingerprint", "class")
        .agg(
            count(lit(1)).as("attempts"),
            countDistinct("trial_id").as("trials"),
            max("retryable").as("retryable"),
            min_by(col("message"), concat(col("trial_id"), col("attempt"))).as("message"),
            min_by(col("stack"), concat(col("trial_id"), col("attempt"))).as("stack"),
            array_join(slice(array_sort(collect_set("host")), 1, 5), ", ").as("hosts"),
            slice(array_sort(collect_set("trial_id")), 1, EXAMPLES).as("examples"))
        .orderBy(col("trials").desc(), col("attempts").desc(), col("fingerprint"))
        .limit(MOST_GROUPS)
        .collectAsList();
  }

  private static String errors(List<Row> groups, Map<String, String> settings) {
    var out = new StringBuilder("<h3>Errors by cause</h3>\n");
    groups.forEach(r -> out.append(error(r, settings)));
    String kept = "Failed attempts are listed even where a later attempt succeeded.";
    return out + Html.note(kept) + cut(groups);
  }

  private static String error(Row r, Map<String, String> settings) {
    boolean retryable = !r.isNullAt(r.fieldIndex("retryable")) && r.<Boolean>getAs("retryable");
    String head =
        "<span class=\"status bad\">%s</span> %s in %s, %s <small>fingerprint %s, on %s</small>"
            .formatted(
                Html.text(Tables.string(r, "class")),
                Numbers.count(Tables.whole(r, "attempts"), "attempt"),
                Numbers.count(Tables.whole(r, "trials"), "trial"),
                retryable ? "may pass on retry" : "fails again on retry",
                Html.code(Tables.string(r, "fingerprint")),
                Html.text(Tables.string(r, "hosts")));
    String stack = Tables.string(r, "stack");
    String trace = stack.isEmpty() ? "" : Html.fold("Stack", Html.pre(stack));
    return "<div class=\"error\"><p>"
        + head
        + "</p>\n<p class=\"message\">"
        + Html.text(Tables.string(r, "message"))
        + "</p>\n<p>"
        + examples(r, settings)
        + "</p>\n"
        + trace
        + "</div>\n";
  }

  private static String examples(Row r, Map<String, String> settings) {
    var out = new ArrayList<String>();
    for (String trial : r.<String>getList(r.fieldIndex("examples"))) {
      String id = Html.code(trial.substring(0, Math.min(8, trial.length())));
      out.add(id + " " + settings.getOrDefault(trial, ""));
    }
    return "<span class=\"examples\">" + String.join("<br/>", out) + "</span>";
  }

  private static List<String> trials(List<Row> groups) {
    return groups.stream()
        .flatMap(r -> r.<String>getList(r.fieldIndex("examples")).stream())
        .toList();
  }
}
