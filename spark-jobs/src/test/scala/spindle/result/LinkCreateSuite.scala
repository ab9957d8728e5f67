package spindle.result

import java.nio.file.Files
import java.util.concurrent.{Callable, CyclicBarrier, Executors}
import org.scalatest.funsuite.AnyFunSuite
import scala.jdk.CollectionConverters._

class LinkCreateSuite extends AnyFunSuite {
  test("of many writers exactly one creates the file, and its content is whole") {
    val folder = Files.createTempDirectory("spindle-create")
    val writers = 8
    val pool = Executors.newFixedThreadPool(writers)
    try
      for (file <- 0 until 100) {
        val target = folder.resolve(s"commit.$file.json")
        val start = new CyclicBarrier(writers)
        val race: Seq[Callable[Boolean]] = (0 until writers).map { w => () =>
          start.await()
          new LinkCreate().create(target, s"$w".repeat(5000).getBytes)
        }
        val wins = pool.invokeAll(race.asJava).asScala.map(_.get)
        assert(wins.count(identity) === 1)
        assert(Files.readString(target) === s"${wins.indexOf(true)}".repeat(5000))
      }
    finally pool.shutdown()
    val left = Files.list(folder)
    try assert(left.count() === 100, "a private name was left behind")
    finally left.close()
  }
}
