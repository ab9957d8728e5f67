package spindle.compile

import java.io.{ByteArrayInputStream, DataInputStream}

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite
import org.scalatestplus.scalacheck.ScalaCheckPropertyChecks
import spindle.ir._
import spindle.model.Assembly
import spindle.task.{CobaHh, CobaLif, Settings}

/** HotSpot compiles no method above 8,000 bytes, and vectorises no long loop. */
class KernelSuite extends AnyFunSuite with ScalaCheckPropertyChecks {
  private val limit = 8000

  /** Bytes of code per method of a class file (JVM specification 4.7.3). */
  private def codeSizes(classFile: Array[Byte]): Map[String, Int] = {
    val in = new DataInputStream(new ByteArrayInputStream(classFile))
    in.skipBytes(8)
    val texts = constantTexts(in)
    in.skipBytes(6)
    in.skipBytes(2 * in.readUnsignedShort())
    assert(in.readUnsignedShort() == 0, "generated classes have no fields")
    Seq.fill(in.readUnsignedShort()) {
      in.skipBytes(2)
      val method = texts(in.readUnsignedShort()) + texts(in.readUnsignedShort())
      val sizes = Seq.fill(in.readUnsignedShort()) {
        val name = texts(in.readUnsignedShort())
        val body = new Array[Byte](in.readInt())
        in.readFully(body)
        Option.when(name == "Code")(java.nio.ByteBuffer.wrap(body).getInt(4))
      }
      method -> sizes.flatten.sum
    }.toMap
  }

  private def constantTexts(in: DataInputStream): Map[Int, String] = {
    val count = in.readUnsignedShort()
    Iterator.iterate((1, Map.empty[Int, String])) { case (i, texts) =>
      in.readUnsignedByte() match {
        case 1 => (i + 1, texts + (i -> in.readUTF()))
        case 5 | 6 => in.skipBytes(8); (i + 2, texts)
        case 7 | 8 | 16 | 19 | 20 => in.skipBytes(2); (i + 1, texts)
        case 15 => in.skipBytes(3); (i + 1, texts)
        case _ => in.skipBytes(4); (i + 1, texts)
      }
    }.dropWhile(_._1 < count).next()._2
  }

  private def stages(p: Program, mode: Mode): (Schedule, Seq[Stage.Loops]) = {
    val schedule = Schedule.of(Lower.of(p), mode)
    (schedule, schedule.stages.asScala.toSeq.collect { case s: Stage.Loops => s })
  }

  private def classes(p: Program, mode: Mode): Seq[Array[Byte]] = {
    val rows = Lower.of(p).rows.asScala.toSeq.map(RowParts.of)
    val sheets = rows.flatMap(r => Seq(r.rowProgram(512), r.drawProgram(4096), r.detailProgram(2048)))
    rows.map(RowWriter.write) ++ (p +: sheets).map(stages(_, mode)._1).flatMap { schedule =>
      for (s <- schedule.stages.asScala.collect { case s: Stage.Loops => s }; loop <- s.loops.asScala) yield
        if (s.mode == Mode.VECTOR) VectorLoopWriter.write(loop, schedule.layout)
        else LoopWriter.write(loop, schedule.layout)
    }
  }

  private def fits(p: Program): Unit =
    for (mode <- Mode.values if mode != Mode.THREADS; classFile <- classes(p, mode); (method, size) <- codeSizes(classFile))
      assert(size <= limit, s"bytes of $method in ${p.name}, $mode")

  /** Operations as the splitter counts them; a step function is five. */
  private def work(loop: Loop): Int =
    loop.equations.asScala.filter(_.op.isElementwise).map(e => if (e.op == Op.HEAVISIDE) 5 else 1).sum

  private def short(p: Program): Unit =
    for (s <- stages(p, Mode.PLAIN)._2 if s.length != Type.SCALAR; loop <- s.loops.asScala)
      if (loop.equations.asScala.count(_.op.isElementwise) > 1) {
        val arrays = loop.sources.size + loop.stores.size
        assert(work(loop) + arrays + loop.clears.size <= 20, p.toString)
        assert(arrays <= 7, p.toString)
      }

  private def cobaLif: Program =
    Assembly.of(CobaLif.network(Settings.defaults(new CobaLif().describe.parameters)), 1).step

  private def cobaHh: Program =
    Assembly.of(CobaHh.network(Settings.defaults(new CobaHh().describe.parameters)), 1).step

  /** n operations one after another, each on the result of the one before. */
  private def chain(t: Type, n: Int)(next: Expr => Expr): Program = {
    val trace = new Trace(s"chain of $n")
    trace.declare(Variable.of("x", t))
    trace.store("x", Iterator.iterate(trace.load("x"))(next).drop(n).next())
    trace.finish()
  }

  test("no method of a random program is above 8,000 bytes") {
    forAll(Generators.seeds, minSuccessful(15))(seed => fits(new RandomProgram(seed, 40).write().program))
  }

  test("no method of COBA-LIF or COBA-HH is above 8,000 bytes") {
    fits(cobaLif)
    fits(cobaHh)
  }

  test("no method of a long chain is above 8,000 bytes: vectors of every width, scalars too") {
    val half = (x: Expr) => x.times(0.5)
    for (t <- Seq(Type.vector(DType.F32, 64), Type.vector(DType.F64, 64), Type.scalar(DType.F32), Type.scalar(DType.F64))) {
      fits(chain(t, 1500)(half))
      fits(chain(t, 190)(_.heaviside))
      fits(chain(t, 95)(x => x.apply(Op.SCALE, x)))
      fits(chain(t, 12)(_.apply(Op.TANH)))
      fits(chain(t, 12)(_.log))
    }
  }

  test("plain loops stay within what C2 vectorises") {
    forAll(Generators.seeds, minSuccessful(30))(seed => short(new RandomProgram(seed, 40).write().program))
    short(cobaLif)
    short(chain(Type.vector(DType.F32, 64), 200)(x => x.times(0.5).plus(1)))
  }

  test("where vectors are for slow loops only, they are for those that take bits of floats") {
    assume(Jvm.hasVectors, "no vectors on this Java")
    val vector = Type.vector(DType.F32, 64)
    def modes(p: Program) = stages(p, Mode.LONG)._2.map(_.mode).distinct
    assert(modes(chain(vector, 1)(_.apply(Op.TANH))) === Seq(Mode.VECTOR))
    assert(modes(chain(vector, 1)(_.log)) === Seq(Mode.VECTOR))
    assert(modes(chain(vector, 10)(_.times(0.5))) === Seq(Mode.PLAIN))
  }

  test("a program that differs only in its sizes and arguments compiles to the same classes") {
    def files(n: Int) = classes(chain(Type.vector(DType.F32, n), 30)(_.times(0.5)), Mode.PLAIN).map(_.toSeq)
    assert(files(64) === files(1000))
  }
}
