package spindle.backend

import scala.jdk.CollectionConverters._

import org.scalatest.Assertions
import spindle.ir.{Program, Variable}

/**
 * Some backends that run every program side by side: after each run all their state and all they
 * have logged must be equal, bit for bit. What is asked of it, the first one answers; the
 * interpreter, where it stands for all.
 */
final class Lockstep(backends: Seq[Backend]) extends Backend {
  override def name: String = "lockstep"
  override def device: String = backends.map(_.device).mkString(", ")

  override def load(program: Program, arguments: Arguments): Executable =
    new Lockstep.Rank(program, arguments.recorded.asScala.toSeq, backends.map(b => b.device -> b.load(program, arguments)))
}

object Lockstep {
  /** All elements; of events one mask per step of their history, oldest first. */
  def read(e: Executable, v: Variable): Array[Double] = {
    val out = new Array[Double](v.`type`.size * v.history)
    e.read(v.name, out.indices.toArray, out)
    out
  }

  /** All state by name as bits; one NaN is as good as another. */
  def state(program: Program, e: Executable): Map[String, Seq[Long]] =
    program.variables.asScala.map(v => v.name -> read(e, v).toSeq.map(java.lang.Double.doubleToLongBits)).toMap

  /** Events of a log from the n-th on. */
  def events(log: EventLog, from: Int = 0): Seq[Long] =
    (from until log.size).map(k => (log.step(k).toLong << 32) + log.index(k))

  /** The first element that is another one than it should be. */
  def difference(right: Map[String, Seq[Long]], is: Map[String, Seq[Long]]): Option[String] =
    right.keys.toVector.sorted.find(name => right(name) != is(name)).map { name =>
      val k = right(name).zipAll(is(name), -1L, -1L).indexWhere { case (a, b) => a != b }
      def show(x: Seq[Long]) =
        x.lift(k).fold("nothing")(b => f"${java.lang.Double.longBitsToDouble(b)} ($b%x)")
      s"$name[$k] should be ${show(right(name))}, is ${show(is(name))}"
    }

  private final class Rank(program: Program, recorded: Seq[String], all: Seq[(String, Executable)])
      extends Executable with Assertions {
    private val first = all.head._2

    private def each(f: Executable => Unit): Unit = all.foreach { case (_, e) => f(e) }

    /** What all of them answer alike. */
    private def same[A](what: String)(f: Executable => A): A = {
      val answer = f(first)
      all.tail.foreach { case (device, e) => assert(f(e) === answer, s"$what of ${program.name} on $device") }
      answer
    }

    private def agree(when: String, from: Map[String, Int]): Unit = {
      val right = state(program, first) ++ from.map { case (v, k) => s"log of $v" -> events(first.log(v), k) }
      all.tail.foreach { case (device, e) =>
        val is = state(program, e) ++ recorded.map(v => s"log of $v" -> events(e.log(v)))
        // The caller clears the first one's, when he likes.
        recorded.foreach(e.log(_).clear())
        difference(right, is).foreach(d => fail(s"$when on $device: $d\n$program"))
      }
    }

    override def run(from: Int, steps: Int): Unit = {
      val logged = recorded.map(v => v -> first.log(v).size).toMap
      each(_.run(from, steps))
      agree(s"${program.name} after step ${from + steps - 1}", logged)
    }

    override def read(variable: String, indices: Array[Int], out: Array[Double]): Unit = first.read(variable, indices, out)
    override def read(variable: String, out: Array[Float]): Unit = {
      val right = same(variable) { e =>
        e.read(variable, out)
        out.toSeq.map(java.lang.Float.floatToIntBits)
      }
      right.indices.foreach(i => out(i) = java.lang.Float.intBitsToFloat(right(i)))
    }
    override def write(variable: String, values: Array[Double]): Unit = each(_.write(variable, values))
    override def write(variable: String, values: Array[Float]): Unit = each(_.write(variable, values))

    /** Saves what the last one has, so that all go on from what it says. */
    override def save(to: Snapshot): Unit = all.last._2.save(to)
    override def restore(from: Snapshot): Unit = {
      each(_.restore(from))
      agree(s"${program.name} restored", Map.empty)
    }

    override def log(variable: String): EventLog = first.log(variable)
    override def firstNonFinite(variable: String): Int = same(variable)(_.firstNonFinite(variable))
    override def synapses(rows: String): Long = same(rows)(_.synapses(rows))
    override def outDegrees(rows: String): Array[Int] = same(rows)(_.outDegrees(rows).toSeq).toArray
    override def bytes: Long = first.bytes
    override def bytes(rows: String): Long = first.bytes(rows)
    override def compileSeconds: Double = all.map(_._2.compileSeconds).sum
    override def close(): Unit = each(_.close())
  }
}
