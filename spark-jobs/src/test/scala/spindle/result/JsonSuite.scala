package spindle.result

import java.nio.charset.StandardCharsets.UTF_8
import java.util.{List => JList, Map => JMap}

import org.scalatest.funsuite.AnyFunSuite

import spindle.task.{Guards, Recording}

class JsonSuite extends AnyFunSuite {
  private def back[T](value: T, kind: Class[T]): Unit = {
    assert(Json.parse(Json.line(value), kind) === value)
    assert(Json.parse(new String(Json.pretty(value), UTF_8), kind) === value)
  }

  test("a record that is written reads back as the same record") {
    val file = new CommitRecord.StoredFile("_journal/a \"b\".parquet", Long.MaxValue, "00")
    back(file, classOf[CommitRecord.StoredFile])
    back(
      new CommitRecord("p", 0, "r", "r/0/1/0", "2026-01-01T00:00:00Z", 1, JList.of(file),
        JList.of(new CommitRecord.Entry("t", "k", "ok", CommitRecord.Fault.NONE))),
      classOf[CommitRecord])
    back(new Manifest(1, "p", "c", "t", JMap.of("trials", JList.of(file), "params", JList.of())), classOf[Manifest])
    back(new SweepStatus("s", "r", "p", "running", 8, 0, JMap.of("ok", Long.box(3)), 3, 0.1, -1, "t"), classOf[SweepStatus])
    back(new Layout("/a/b"), classOf[Layout])
  }

  test("limits that are infinite survive") {
    back(Guards.NONE, classOf[Guards])
    back(Recording.NONE, classOf[Recording])
  }
}
