package spindle.result

import java.nio.file.Files
import org.apache.commons.math3.distribution.TDistribution
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics
import org.apache.spark.sql.RowFactory
import org.scalatest.funsuite.AnyFunSuite
import scala.jdk.CollectionConverters._
import spindle.job.SharedSpark
import spindle.task.Metric

class AggregatesSuite extends AnyFunSuite with SharedSpark {
  test("statistics equal the textbook's, for 1, 2, 7, 64, 65 and 1000 replicates") {
    val layout = Layout.of(root, "a")
    val sizes = Seq(1, 2, 7, 64, 65, 1000)
    val random = new java.util.Random(7)
    val samples = sizes.map(n => n -> Seq.fill(n)(random.nextGaussian())).toMap
    val rows = samples.toSeq.flatMap { case (n, xs) => xs.zipWithIndex.map { case (x, i) => row(n, i, x) } }
    Files.createDirectories(layout.planTrials("p").getParent)
    Files.writeString(layout.planTrials("p"), rows.map(_.getStruct(3).getString(0) + ",k").mkString("\n"))
    val frame = spark.createDataFrame(rows.asJava, Schemas.JOURNAL)
    val found = new Aggregates(spark, layout, "p", java.util.List.of()).of(frame).collect()
    assert(found.length === sizes.size)
    for (r <- found) {
      val n = r.getAs[Long]("n").toInt
      val s = new DescriptiveStatistics(samples(n).toArray)
      def close(column: String, expected: Double) =
        assert(math.abs(r.getAs[Double](column) - expected) < 1e-9, s"$column for n = $n")
      close("mean", s.getMean)
      close("min", s.getMin)
      close("max", s.getMax)
      close("p50", s.getPercentile(50) + (if (n == 1) 0 else median(samples(n)) - s.getPercentile(50)))
      if (n > 1) {
        val sem = s.getStandardDeviation / math.sqrt(n)
        val half = new TDistribution(n - 1).inverseCumulativeProbability(0.975) * sem
        close("std", s.getStandardDeviation)
        close("sem", sem)
        close("ci95_lo", s.getMean - half)
        close("ci95_hi", s.getMean + half)
      } else assert(r.isNullAt(r.fieldIndex("std")) && r.isNullAt(r.fieldIndex("ci95_lo")))
    }
  }

  test("an interval ends where the metric has no values, and only there; without one it stays empty") {
    val layout = Layout.of(root, "b")
    val samples = Map(1 -> Seq(0.99), 2 -> Seq(0.98, 1.0), 3 -> Seq(0.0, 0.2, 0.1), 4 -> Seq(0.5, 0.5, 0.5, 0.6))
    val rows = samples.toSeq.flatMap { case (n, xs) => xs.zipWithIndex.map { case (x, i) => row(n, i, x) } }
    Files.createDirectories(layout.planTrials("p").getParent)
    Files.writeString(layout.planTrials("p"), rows.map(_.getStruct(3).getString(0) + ",k").mkString("\n"))
    val frame = spark.createDataFrame(rows.asJava, Schemas.JOURNAL)
    def ends(metric: Metric): Map[Int, (Any, Any)] =
      new Aggregates(spark, layout, "p", java.util.List.of(metric)).of(frame).collect()
        .map(r => r.getAs[Long]("n").toInt -> ((r.get(r.fieldIndex("ci95_lo")), r.get(r.fieldIndex("ci95_hi"))))).toMap
    val m = Metric.of("m", "", "")
    val free = ends(Metric.of("other", "", "").within(0, 1))
    assert(free(1) === ((null, null)))
    def cut(range: Metric, lo: Double, hi: Double): scala.Unit = {
      val found = ends(range)
      for ((n, (a, b)) <- free) {
        val expected = if (a == null) (null, null) else (a.asInstanceOf[Double].max(lo), b.asInstanceOf[Double].min(hi))
        assert(found(n) === expected, n)
      }
      assert(found.toSet != free.toSet)
    }
    cut(m.within(0, 1), 0, 1)
    cut(m.nonNegative, 0, Double.PositiveInfinity)
  }

  private def median(xs: Seq[Double]): Double = {
    val s = xs.sorted
    if (s.size % 2 == 1) s(s.size / 2) else (s(s.size / 2 - 1) + s(s.size / 2)) / 2
  }

  private def row(config: Int, i: Int, x: Double) = {
    val trial = new Cells(Schemas.TRIALS)
      .set("trial_id", s"$config-$i")
      .set("config_id", s"c$config")
      .set("sweep", "a")
      .set("status", "ok")
      .row()
    val metric = new Cells(Schemas.METRICS).set("trial_id", s"$config-$i").set("metric", "m").set("value", x).row()
    new Cells(Schemas.JOURNAL)
      .set("trial", trial)
      .set("metrics", java.util.List.of(metric))
      .row()
  }
}
