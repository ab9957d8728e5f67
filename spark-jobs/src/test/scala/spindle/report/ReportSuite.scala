package spindle.report

import java.io.StringReader
import java.nio.charset.StandardCharsets
import java.nio.file.{Files, Path}
import javax.xml.parsers.DocumentBuilderFactory
import org.apache.spark.sql.SparkSession
import org.scalatest.funsuite.AnyFunSuite
import org.w3c.dom.Document
import org.xml.sax.{EntityResolver, InputSource}
import spindle.report.SyntheticSweep.Outcome

class ReportSuite extends AnyFunSuite {

  // Dozens of tiny queries run once each: compiling them would be most of the time.
  private lazy val spark = {
    val session = SparkSession
      .builder()
      .master("local[2]")
      .config("spark.ui.enabled", "false")
      .config("spark.log.level", "ERROR")
      .getOrCreate()
      .newSession()
    session.conf.set("spark.sql.codegen.wholeStage", "false")
    session.conf.set("spark.sql.codegen.factoryMode", "NO_CODEGEN")
    session
  }

  private def page(sweep: SyntheticSweep, drop: String*): String =
    read(Report.write(spark, written(sweep, drop: _*)))

  private def written(sweep: SyntheticSweep, drop: String*): Path = {
    val folder = sweep.write(spark, SyntheticSweep.folder())
    drop.foreach(t => Files.move(folder.resolve(t), folder.resolve("_" + t)))
    folder
  }

  private def read(file: Path) = Files.readString(file, StandardCharsets.UTF_8)

  private def parsed(page: String): Document = {
    val builder = DocumentBuilderFactory.newInstance().newDocumentBuilder()
    val none: EntityResolver = (_, _) => new InputSource(new StringReader(""))
    builder.setEntityResolver(none)
    builder.parse(new InputSource(new StringReader(page)))
  }

  private def count(page: String, element: String) =
    parsed(page).getElementsByTagName(element).getLength

  private def selfContained(page: String): Unit = {
    assert("""(?i)<(script|link|img|iframe|object|embed)\b""".r.findFirstIn(page).isEmpty)
    assert("""(?i)(src|href)\s*=\s*["'](?!#)""".r.findFirstIn(page).isEmpty)
    assert("""(?i)url\((?!#)|@import""".r.findFirstIn(page).isEmpty)
  }

  private val grid = SyntheticSweep(
    "balance",
    Seq(
      Swept("syn.g_exc", "nS", SyntheticSweep.linear(1, 10, 5)),
      Swept("syn.g_inh", "nS", SyntheticSweep.linear(10, 120, 5))),
    replicates = 2,
    recorded = true)

  private lazy val folder = written(grid)

  private lazy val balance = read(Report.write(spark, folder))

  test("a grid is drawn as one heat map per metric in a page that needs nothing else") {
    selfContained(balance)
    val figures = 6 + 1 + 2
    assert(count(balance, "figure") === figures)
    assert("role=\"img\"".r.findAllIn(balance).size === figures + 1)
    assert(">standard deviation</text>".r.findAllIn(balance).size === 6, "the spread stands beside the mean")
    for (axis <- Seq("syn.g_exc (nS)", "syn.g_inh (nS)")) assert(balance.contains(axis))
  }

  test("positions without a value are marked and explained, and never drawn as zero") {
    val silent = "the metric has no value"
    assert(balance.contains(silent))
    assert(balance.contains("no trial was ok"))
    assert(!balance.replace("became NaN", "").contains("NaN"))
  }

  test("what trials had on the way is drawn over their updates, and is no metric of its own") {
    val sweep = SyntheticSweep("a", Seq(Swept("x", "", Seq(1.0, 2.0))), curve = 30)
    val text = page(sweep)
    assert(text.contains("""<section id="curves">""") && text.contains("a href=\"#curves\""))
    assert(text.contains("mean_rate over the updates"))
    assert(!page(sweep.copy(curve = 0)).contains("#curves"))
    val metrics = text.substring(text.indexOf("""<section id="metrics">"""), text.indexOf("""<section id="curves">"""))
    assert(">12[3-6]\\d<".r.findFirstIn(metrics) === None, "a value on the way")
  }

  test("of a long curve of points far apart many are drawn, the first and the last among them") {
    val text = page(SyntheticSweep("a", Seq(Swept("x", "", Seq(1.0, 2.0))), curve = 450, stride = 938))
    val curves = text.substring(text.indexOf("""<section id="curves">"""), text.indexOf("""<section id="activity">"""))
    assert(curves.contains(">1234<") && curves.contains(">1683<"), "450 points")
  }

  test("the same tables give the same bytes") {
    assert(balance === read(Report.write(spark, folder)))
  }

  test("ids inside the page are unique, and every clip path it names is there") {
    val ids = """ id="([^"]+)"""".r.findAllMatchIn(balance).map(_.group(1)).toSeq
    assert(ids.distinct === ids)
    val used = """url\(#([^)]+)\)""".r.findAllMatchIn(balance).map(_.group(1)).toSet
    assert(used.nonEmpty && used.subsetOf(ids.toSet))
  }

  test("a raster is thinned by whole neurons, and says so") {
    assert(balance.contains("Raster thinned: one neuron in "))
    assert(balance.contains("Typical: median mean_rate"))
    assert(balance.contains("rate (Hz)") && balance.contains("v (mV)"))
  }

  test("strings from the tables are text, whatever they hold") {
    val hostile = "<script>alert(1)</script>\" onload='x' & ]]> \u0000\u202e</svg></pre>"
    val page = this.page(
      SyntheticSweep(
        hostile,
        Seq(Swept(hostile, hostile, Seq("a" + hostile, "b" + hostile))),
        outcome = (point, _) =>
          if (point(hostile).toString.startsWith("a")) Outcome("failed", hostile, 0, Map.empty)
          else Outcome("ok", "", 1, Map(hostile -> 1.0)),
        yaml = hostile))
    selfContained(page)
    assert(count(page, "script") === 0)
    assert(count(page, "figure") === 2)
    assert(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
  }

  test("one axis is a line that ends at a gap; the axis is logarithmic if its values are") {
    val sweep = SyntheticSweep(
      "line",
      Seq(Swept("net.neurons", "", Seq(1e3, 1e4, 1e5, 1e6, 1e7))),
      replicates = 4,
      outcome = (point, random) => {
        val n = point("net.neurons").asInstanceOf[Double]
        Outcome("ok", "", 1, if (n == 1e5) Map.empty else Map("m" -> (5 + random.nextDouble())))
      })
    val text = page(sweep)
    assert(text.contains("<td>logarithmic</td>"))
    assert(text.contains("band: 95 % confidence interval of the mean, cut to the range of the metric"))
    val lines = """<path d="[^"]+" fill="none" stroke-width="[^"]+" stroke="var\(--s0\)"/>""".r
    assert(lines.findAllIn(text).size === 2)
  }

  test("positions that a filter took out of the sweep are said to be blank") {
    val Seq(g, i) = grid.axes
    val some = for (x <- g.values; y <- i.values if x != g.values.head || y != i.values.head) yield Map(g.name -> x, i.name -> y)
    assert(page(grid.copy(recorded = false, sampled = Some(some))).contains("Blank: not in the sweep."))
    assert(!balance.contains("Blank:"))
  }

  test("a metric and what it would be otherwise share a figure, in the logarithm where values differ much") {
    val sweep = SyntheticSweep(
      "beside",
      Seq(Swept("res.n", "", Seq(3.0, 5.0, 7.0, 9.0))),
      outcome = (point, _) => {
        val memory = math.pow(100, (point("res.n").asInstanceOf[Double] - 3) / 2)
        Outcome("ok", "", 1, Map("memory" -> memory, "memory_if_stored" -> 2 * memory, "other" -> 7.0))
      })
    val text = page(sweep)
    assert("<h3>memory".r.findAllIn(text).size === 1)
    assert(text.contains("<h3>other"))
    assert(text.contains("memory and memory_if_stored over res.n"))
    val ticks = Seq("10", "100", "1000", "10,000").filter(t => text.matches(s"(?s).*>\\s*$t\\s*<.*"))
    assert(ticks.size === 4, "powers of ten lie apart")
    for (series <- 0 to 1) assert(text.contains(s"""stroke="var(--s$series)"/>"""))
  }

  test("a third axis makes panels in its order, a fourth is averaged") {
    val words = Swept("net.connectivity", "", Seq("bernoulli", "fixed-in-degree"))
    val axes = grid.axes ++ Seq(Swept("syn.tau_exc", "ms", Seq(2.0, 5.0, 10.0)), words)
    val many = page(grid.copy(axes = axes, replicates = 1, recorded = false))
    val order = Seq("= 2 ms", "= 5 ms", "= 10 ms").map(l => many.indexOf("syn.tau_exc " + l))
    assert(order.forall(_ > 0) && order === order.sorted)
    assert(many.contains("Averaged over <code>net.connectivity</code>"))
  }

  test("random samples are dots at their values") {
    val random = new scala.util.Random(1)
    val points = Seq.fill(60)(
      Map[String, Any](
        "syn.g_exc" -> (1 + 9 * random.nextDouble()),
        "syn.g_inh" -> (10 + 110 * random.nextDouble())))
    val text = page(grid.copy(sampled = Some(points), replicates = 1, recorded = false))
    assert("One dot for each of \\d+ configurations".r.findFirstIn(text).isDefined)
  }

  test("one trial is enough for a report") {
    val text = page(SyntheticSweep("one", Nil, recorded = true))
    assert(text.contains("Nothing was varied") && text.contains("One dot per trial (1)"))
    assert(count(text, "figure") === 7)
  }

  test("a sweep in which every trial failed shows why") {
    val failed = grid.copy(outcome = (_, _) => Outcome("failed", "no such thing", 0, Map.empty), recorded = false)
    val text = page(failed, "metrics", "aggregates")
    selfContained(text)
    assert(text.contains("No trial was ok") && text.contains("no such thing"))
    assert(text.contains("50 attempts in 50 trials"))
  }

  test("silent trials have gaps for the metrics without value, and a sentence for the raster") {
    val silent = grid.copy(outcome = (_, _) => Outcome("ok", "", 0, Map("cv_isi" -> Double.NaN)))
    val text = page(silent, "traces")
    assert(text.contains("The recorded populations are silent."))
    assert(text.contains("the metric has no value"))
    assert(text.contains("""<td class="n">0</td><td class="n">50</td>"""))
  }

  test("a folder without published trials is refused with its name") {
    val folder = SyntheticSweep.folder()
    val error = intercept[IllegalArgumentException](Report.write(spark, folder))
    assert(error.getMessage.contains(folder.resolve("trials").toString))
    assert(error.getMessage.contains("run the sweep first"))
  }

  test("an axis of a hundred values is cut into ranges, so that the page stays small") {
    val fine = Seq(
      Swept("syn.g_exc", "nS", SyntheticSweep.linear(1, 10, 100)),
      Swept("syn.g_inh", "nS", SyntheticSweep.linear(10, 120, 20)))
    val text = page(
      grid.copy(
        axes = fine,
        replicates = 1,
        recorded = false,
        outcome = (p, _) => Outcome("ok", "", 1, Map("m" -> p("syn.g_exc").asInstanceOf[Double]))))
    assert(text.length < 200000)
    assert(text.contains("Averaged within ranges of <code>syn.g_exc</code>"))
  }

  test("an axis is called what it is: as declared, else as its values lie") {
    val yaml =
      """sweep: s
        |model: toy-net
        |axes: {syn.g_exc: {log: [2 nS, 12 nS], n: 8}, syn.g_inh: {lin: [20 nS, 100 nS], n: 3}, input.drive: {values: [1 mV, 2 mV, 3 mV]}}
        |replicates: {n: 1, seed: 1}
        |where: ["syn.g_exc < 3 nS || syn.g_exc > 4 nS"]
        |""".stripMargin
    val kept = SyntheticSweep.geometric(2, 12, 8).filter(g => g < 3 || g > 4)
    val axes = Seq(
      Swept("syn.g_exc", "nS", kept),
      Swept("syn.g_inh", "nS", Seq(20.0, 60.0, 100.0)),
      Swept("input.rate", "Hz", Seq(0.0, 5.0, 30.0)),
      Swept("syn.tau_exc", "ms", SyntheticSweep.geometric(2, 8, 4)),
      Swept("input.drive", "mV", Seq(1.0, 2.0, 3.0)),
      Swept("net.storage", "", Seq("stored", "regenerated")))
    val text = page(SyntheticSweep("spaced", axes, yaml = yaml, outcome = (_, _) => Outcome("ok", "", 1, Map("m" -> 1.0))))
    val spacing = """<tr><td><code>([a-z._]+)</code></td>.*?<td>([a-z]+)</td></tr>""".r
      .findAllMatchIn(text).map(m => m.group(1) -> m.group(2)).toMap
    assert(spacing.view.filterKeys(axes.map(_.name).contains).toMap === Map("syn.g_exc" -> "logarithmic",
      "syn.g_inh" -> "linear", "input.rate" -> "listed", "input.drive" -> "listed", "syn.tau_exc" -> "logarithmic", "net.storage" -> "choice"))
  }

  test("replicates are counted, and their seeds described, as they are") {
    assert(balance.contains("Each configuration ran 2 times; each replicate has the same seed in all of them"))
    val own = page(grid.copy(recorded = false, commonSeeds = false))
    assert(own.contains("Each configuration ran 2 times; every trial has a seed of its own."))
    assert(page(SyntheticSweep("one", Nil)).contains("Each configuration ran once."))
  }

  test("a rate is that of the latest run alone, the wall time that of all runs") {
    val resumed = grid.copy(recorded = false, runs = Seq("run-1" -> 94L, "run-2" -> 4L))
    val text = page(resumed)
    assert(text.contains("<strong>98 s</strong><span>in 2 runs; the latest did 2 trials in 2 s (1 trials/s)</span>"))
    assert(balance.contains("<strong>94 s</strong><span>50 trials in 26 s (1.92 trials/s)</span>"))
  }

  test("the report is about the present plan; what is kept of others is mentioned") {
    val narrowed = grid.copy(earlier = 10, outcome = (p, _) =>
      Outcome("ok", "", 20, Map("m" -> p("syn.g_exc").asInstanceOf[Double])))
    val text = page(narrowed)
    assert(text.contains("15 configurations, 30 trials"))
    assert(text.contains("20 trials that are no longer in the plan are kept in the tables and left out here."))
    assert(text.contains("They also hold 20 trials of earlier plans."))
    assert(text.contains("""<td class="n">30</td>"""))
    assert(!text.contains("t00024"))
    val whole = page(narrowed.copy(earlier = 0))
    assert(whole.contains("25 configurations, 50 trials") && !whole.contains("no longer in the plan"))
  }

  test("a run that did none of the trials takes no part in the wall time") {
    val text = page(grid.copy(recorded = false, idle = Seq("run-2" -> 7000L)))
    assert(text.contains("<strong>94 s</strong><span>50 trials in 26 s (1.92 trials/s)</span>"))
    assert(text.contains("<code>run-2</code>"), "it is on record")
  }

  test("sizes of populations are those of the trial, not the highest neuron that spiked") {
    val sparse = grid.copy(sizes = Map("E" -> 6400L, "I" -> 800L))
    val text = page(sparse)
    assert(text.contains("E (6,400)") && text.contains("ms per neuron. "))
    assert(page(grid.copy(sizes = Map.empty)).contains("up to the last that spiked"))
  }

  test("a trace of a population without neurons is left out") {
    val text = page(grid.copy(traced = 0))
    assert(text.contains("Typical: median mean_rate") && !text.contains("Traces: "))
    assert(!text.contains("could not be made"))
  }

  test("a section that cannot be made says so and leaves the others alone") {
    val folder = written(grid)
    val files = Files.list(folder.resolve("spikes"))
    try files.forEach(f => if (f.toString.endsWith(".crc")) Files.delete(f) else Files.write(f, Array[Byte](1, 2, 3)))
    finally files.close()
    val text = read(Report.write(spark, folder))
    assert("could not be made".r.findAllIn(text).size === 1)
    selfContained(text)
    assert(text.contains("<h2>Activity</h2>") && text.contains("cv_isi"))
    assert(text.contains("DuckDB") && text.contains("t.in_plan") && text.contains("GROUP BY 1 ORDER BY 1"))
  }

  private val few = SyntheticSweep(
    "few",
    Seq(Swept("net.neurons", "", Seq(1.0, 2.0, 3.0, 4.0, 5.0)), Swept("net.storage", "", Seq("stored", "auto"))),
    replicates = 2,
    outcome = (point, random) =>
      if (point("net.storage") == "stored" && point("net.neurons") != 2.0) Outcome("failed", "no", 0, Map.empty)
      else Outcome("ok", "", 1, Map("m" -> (1 + 5 * random.nextDouble()))))

  test("few trials are drawn as they are: no interval of two, and no rate below zero") {
    val text = page(few)
    assert(text.contains("dots: single trials") && !text.contains("95 % confidence"))
    val drawn = text.substring(text.indexOf("aria-label=\"m over"))
    assert(!"<text[^>]*>(<[^>]+>)*−".r.findFirstIn(drawn.substring(0, drawn.indexOf("</svg>"))).isDefined)
  }

  test("marks of failed positions have the colour of their series and stand on the axis, below all values") {
    val text = page(few)
    val from = text.substring(text.indexOf("aria-label=\"m over"))
    val svg = from.substring(0, from.indexOf("</svg>"))
    val crosses = """<line [^>]*stroke="var\(--s1\)" stroke-width="2.2"[^>]* y1="([\d.]+)"""".r.findAllMatchIn(svg).map(_.group(1).toDouble).toSeq
    val values = """M[\d.]+ ([\d.]+)h0""".r.findAllMatchIn(svg).map(_.group(1).toDouble).toSeq
    assert(crosses.size === 2 * 4 && crosses.distinct.size === 2, "two strokes each, all at one height")
    assert(values.nonEmpty && values.max < crosses.min)
    assert(!svg.contains("var(--muted)"))
  }

  test("percentiles interpolate, as they do in aggregates") {
    val values = Iterator.from(0).map(_ % 2 * 100.0)
    val text = page(SyntheticSweep("two", Nil, replicates = 2, outcome = (_, _) => Outcome("ok", "", 1, Map("m" -> values.next()))))
    assert(text.contains("""<td class="n">0</td><td class="n">5</td><td class="n strong">50</td><td class="n">95</td><td class="n">100</td>"""))
  }

  test("a held parameter that is not read is marked") {
    val text = page(grid.copy(recorded = false, yaml = "sweep: s\nmodel: coba-lif\nreplicates: {n: 1, seed: 1}\n"))
    assert(text.contains("<code>net.p</code>") && text.contains("not used with <code>net.weights = canonical</code>"))
  }
}
