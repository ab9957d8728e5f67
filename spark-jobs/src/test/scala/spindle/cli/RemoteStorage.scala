package spindle.cli

import java.io.File
import java.net.URI
import java.nio.file.{Files, Path}

import scala.jdk.CollectionConverters._
import scala.util.matching.Regex

import org.apache.hadoop.conf.Configuration
import org.apache.hadoop.fs.{FileSystem, Path => HadoopPath}
import org.scalatest.{BeforeAndAfterAll, Suite}
import org.scalatest.concurrent.Eventually
import org.scalatest.time.SpanSugar._

/** An S3 on files of this machine, which checks signatures (S3Proxy), and an HDFS of one node, for as long as a suite runs. */
trait RemoteStorage extends Processes with BeforeAndAfterAll with Eventually { this: Suite =>
  val accessKey = "access-of-the-suite"
  val secretKey = "secret-of-the-suite"
  val bucket = "s3a://sets"

  private lazy val place = Files.createTempDirectory("spindle-storage")
  private lazy val s3 = start("s3", "-jar", jar("s3proxy-jar-with-dependencies"), "--properties", properties.toString)
  private lazy val hdfs = start("hdfs", "-cp", (Seq("hadoop-client-minicluster", "junit-jupiter-api").map(jar) :+ classPath).mkString(File.pathSeparator),
    s"-Dtest.build.data=$place/hdfs", "org.apache.hadoop.mapreduce.MiniHadoopClusterManager", "-nomr", "-format", "-writeDetails", s"$place/hdfs.json")

  /** Where S3 listens. */
  lazy val endpoint: String = "http://" + said("s3.log", """Started ServerConnector.*\{(127\.0\.0\.1:[1-9]\d*)\}""".r)

  /** The file system of HDFS. */
  lazy val namenode: String = "hdfs://localhost:" + said("hdfs.json", """"namenode_port":(\d+)\}""".r)

  /** What Hadoop is told of them; a node that fails is asked again at once. */
  def options: Seq[(String, String)] = Seq(
    "fs.s3a.endpoint" -> endpoint,
    "fs.s3a.path.style.access" -> "true",
    "dfs.client.retry.window.base" -> "1")

  override def environment: Seq[(String, String)] =
    Seq("AWS_ACCESS_KEY_ID" -> accessKey, "AWS_SECRET_ACCESS_KEY" -> secretKey)

  override def beforeAll(): Unit = {
    Files.createDirectories(place.resolve("buckets/sets"))
    Seq(s3, hdfs).foreach(server => assert(server.isAlive))
    super.beforeAll()
  }

  override def afterAll(): Unit =
    try super.afterAll()
    finally {
      Seq(s3, hdfs).foreach(_.destroyForcibly().waitFor())
      delete(place)
    }

  /** Writes the files of a folder. */
  def put(folder: Path, to: String): Unit = {
    val conf = new Configuration
    val keys = Seq("fs.s3a.access.key" -> accessKey, "fs.s3a.secret.key" -> secretKey)
    (options ++ keys).foreach { case (key, value) => conf.set(key, value) }
    val system = FileSystem.newInstance(new URI(to), conf)
    try for (file <- files(folder)) {
      val out = system.create(new HadoopPath(s"$to/${folder.relativize(file)}"))
      try Files.copy(file, out) finally out.close()
    } finally system.close()
  }

  /** The file in which the node of HDFS keeps what this file holds. */
  def block(like: Path): Path =
    files(place.resolve("hdfs")).find(f => f.getFileName.toString.matches("blk_\\d+") && Files.mismatch(f, like) < 0).get

  private def files(folder: Path): Seq[Path] = {
    val all = Files.walk(folder)
    try all.iterator.asScala.filter(Files.isRegularFile(_)).toList finally all.close()
  }

  private def properties: Path = Files.writeString(place.resolve("s3.properties"),
    s"""s3proxy.endpoint=http://127.0.0.1:0
       |s3proxy.authorization=aws-v4
       |s3proxy.identity=$accessKey
       |s3proxy.credential=$secretKey
       |jclouds.provider=filesystem-nio2
       |jclouds.identity=none
       |jclouds.credential=none
       |jclouds.filesystem.basedir=$place/buckets
       |""".stripMargin)

  private def jar(name: String): String =
    Path.of(sys.props("spindle.root"), "spark-jobs/target/servers", name + ".jar").toString

  private def start(name: String, command: String*): Process = {
    val java = Path.of(sys.props("java.home"), "bin", "java").toString
    val log = place.resolve(name + ".log").toFile
    new ProcessBuilder((Seq(java, "-Xmx200m", "-XX:TieredStopAtLevel=1", s"-Djava.io.tmpdir=$place") ++ command).asJava)
      .directory(place.toFile).redirectErrorStream(true).redirectOutput(log).start()
  }

  /** What a server that has started wrote of itself. */
  private def said(file: String, what: Regex): String = eventually(timeout(60.seconds), interval(100.millis)) {
    val text = Files.readString(place.resolve(file))
    what.findFirstMatchIn(text).getOrElse(fail(text)).group(1)
  }
}
