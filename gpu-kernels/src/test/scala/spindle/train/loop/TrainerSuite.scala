package spindle.train.loop

import java.io.{ByteArrayInputStream, ByteArrayOutputStream}
import java.util.{Map => JMap, Optional}

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite
import spindle.ir.{DType, Generators, Type, Variable}
import spindle.train.optimizer.{Adam, LearningRate, Sgd}

/** Two numbers that approach the samples of a part: the loss is half the squared distance, mean over samples. */
private class Distance(samples: Int = 10, valid: Int = 0) extends Trainee {
  var shown: Vector[Minibatch] = Vector.empty
  var fault: Int => Double = _ => 0 // added to the gradient of the n-th update
  private val w = new Array[Double](2)
  private var gradients = new Array[Double](2)

  private def target(part: Part, i: Int) = Array(1.0 + i % 3, if (part == Part.TRAIN) 2.0 else 1.5)

  override def parameters: java.util.List[Parameter] = java.util.List.of(
    Parameter.free(Variable.of("a", Type.vector(DType.F64, 1)), Array(0.5)),
    new Parameter(Variable.of("b", Type.scalar(DType.F64)), Array(0.25), 0, 1.75))

  override def set(parameter: String, values: Array[Double]): Unit = w(if (parameter == "a") 0 else 1) = values(0)
  override def count(part: Part): Int = if (part == Part.TRAIN) samples else if (part == Part.VALID) valid else 3
  override def members = 4

  override def run(batch: Minibatch, learn: Boolean): JMap[String, java.lang.Double] = {
    val off = batch.samples.map(i => target(batch.part, i).zip(w).map { case (t, x) => x - t })
    if (learn) {
      gradients = Array(0, 1).map(k => off.map(_(k)).sum / batch.size + fault(shown.size))
      shown :+= batch
    }
    JMap.of(Trainee.LOSS, off.map(d => (d(0) * d(0) + d(1) * d(1)) / 2).sum / batch.size)
  }
  override def gradient(parameter: String): Array[Double] = Array(gradients(if (parameter == "a") 0 else 1))
}

/** Keeps the bytes of checkpoints, and ends the process after some of them. */
private class Bytes(dieAt: Int = Int.MaxValue) extends Archive {
  var saved: Vector[Array[Byte]] = Vector.empty
  override def latest(): Optional[Checkpoint] =
    saved.lastOption.map(b => CheckpointFile.read(new ByteArrayInputStream(b), "memory")).toJava
  override def save(c: Checkpoint): Unit = {
    val out = new ByteArrayOutputStream
    CheckpointFile.write(c, out)
    saved :+= out.toByteArray
    if (saved.size == dieAt) throw new InterruptedException
  }
  private implicit class ToJava(o: Option[Checkpoint]) { def toJava: Optional[Checkpoint] = Optional.ofNullable(o.orNull) }
}

@spindle.Gpu
class TrainerSuite extends AnyFunSuite {
  private val backend = Generators.everywhere

  private def schedule(epochs: Int = 5, every: Long = 0, guards: Schedule.Guards = Schedule.Guards.NONE) =
    new Schedule(epochs, 7, new Adam, new LearningRate.Cosine(0.25, 15, 0), 0.75, guards, every)

  private def train(trainee: Trainee, schedule: Schedule, archive: Archive = Archive.NONE, key: String = "k"): Trainer.Result = {
    val trainer = new Trainer(trainee, schedule, new Trainer.Kept(archive, key), backend)
    try trainer.run() finally trainer.close()
  }

  private def bytes(c: Checkpoint): Seq[Byte] = {
    val out = new ByteArrayOutputStream
    CheckpointFile.write(c, out)
    out.toByteArray.toSeq
  }

  test("an epoch shows every sample once, in an order that is a function of seed and epoch") {
    val (one, other) = (new Distance, new Distance)
    Seq(one, other).foreach(train(_, schedule(3)))
    val orders = one.shown.map(_.samples.toSeq).grouped(3).map(_.flatten).toSeq
    assert(orders.forall(_.sorted === (0 until 10)))
    assert(orders.distinct.size === 3)
    assert(other.shown.map(_.samples.toSeq) === one.shown.map(_.samples.toSeq))
    assert(one.shown.map(_.size) === Vector.fill(3)(Seq(4, 4, 2)).flatten)
    assert(one.shown.map(_.firstId) === Vector(0, 4, 8, 10, 14, 18, 20, 24, 28))
  }

  test("killed after any checkpoint and gone on, training has the numbers of one that was not") {
    val whole = train(new Distance(valid = 5), schedule(every = 2))
    val all = new Bytes
    train(new Distance(valid = 5), schedule(every = 2), all)
    assert(all.saved.size === 12, "every other update and after each epoch")
    for (dieAt <- 1 to 12) {
      val archive = new Bytes(dieAt)
      intercept[InterruptedException](train(new Distance(valid = 5), schedule(every = 2), archive))
      val again = train(new Distance(valid = 5), schedule(every = 2), archive)
      assert(bytes(again.last) === bytes(new Checkpoint("k", whole.last.epoch, whole.last.batch, whole.last.update,
        whole.last.descent, whole.last.sums, whole.last.samples, whole.last.curve, whole.last.best)))
      assert(archive.saved.drop(dieAt).map(_.toSeq) === all.saved.drop(dieAt).map(_.toSeq))
    }
  }

  test("a checkpoint of another key is not gone on from") {
    val archive = new Bytes
    train(new Distance, schedule(1), archive, "other")
    val fresh = new Distance
    train(fresh, schedule(1), archive)
    assert(fresh.shown.size === 3)
    val done = new Distance
    assert(train(done, schedule(1), archive).ending === Trainer.Ending.FINISHED)
    assert(done.shown.isEmpty, "all epochs were done")
  }

  test("curves have a point per epoch, part and metric; the best epoch is that of the least validation loss") {
    val last = train(new Distance(valid = 5), schedule(4)).last
    val points = last.curve.asScala
    assert(points.map(p => (p.epoch, p.part, p.update)) ===
      (1 to 4).flatMap(e => Seq((e, Part.TRAIN, 3L * e), (e, Part.VALID, 3L * e))))
    val valid = points.filter(_.part == Part.VALID)
    val best = valid.minBy(_.value)
    assert(last.best.epoch === best.epoch && last.best.loss === best.value)
    assert(points.head.value > points(points.size - 2).value, "it learns")
    val plain = train(new Distance, schedule(4)).last
    assert(plain.best.loss === plain.curve.asScala.map(_.value).min, "by the training loss where nothing is held out")
  }

  test("a parameter stays within its bounds") {
    val far = new Schedule(20, 1, new Sgd, new LearningRate.Constant(0.5), Double.PositiveInfinity, Schedule.Guards.NONE, 0)
    val descent = train(new Distance, far).last.descent
    assert(descent.get("b").toSeq === Seq(1.75))
    assert(descent.get("a")(0) > 1.75)
  }

  test("NaN, infinity and guards end training with a reason, before parameters move, and keep the last good state") {
    val limits = new Schedule.Guards(1e3, 1e6)
    for (every <- Seq(0, 1); (fault, ending, reason) <- Seq(
        (Double.NaN, Trainer.Ending.DIVERGED, "the norm of the gradient is NaN at loss"),
        (Double.NegativeInfinity, Trainer.Ending.DIVERGED, "the norm of the gradient is Infinity at loss"),
        (1e7, Trainer.Ending.STOPPED, "the norm of the gradient is 1.41"))) {
      val (archive, trainee) = (new Bytes, new Distance)
      trainee.fault = n => if (n == 7) fault else 0
      val result = train(trainee, schedule(every = every, guards = limits), archive)
      assert(result.ending === ending)
      assert(result.reason.startsWith(reason) && result.reason.endsWith(" in minibatch 2 of epoch 3"), result.reason)
      assert(result.last.update === 7)
      assert(bytes(result.last) === archive.saved.last.toSeq)
      assert(result.last.descent.get("a").forall(java.lang.Double.isFinite(_)))
    }
    val lost = train(new Distance, schedule(guards = new Schedule.Guards(0.01, 1)))
    assert(lost.ending === Trainer.Ending.STOPPED && lost.reason.contains("above its limit 0.01"), lost.reason)
    val silent = new Distance { override def run(b: Minibatch, l: Boolean) = { super.run(b, l); JMap.of(Trainee.LOSS, Double.NaN) } }
    assert(train(silent, schedule()).reason === "loss is NaN in minibatch 1 of epoch 1")
  }

  test("a file of checkpoints is refused when damaged, cut, of another version or something else") {
    val file = bytes(train(new Distance, schedule(1)).last).toArray
    def read(b: Array[Byte]) = CheckpointFile.read(new ByteArrayInputStream(b), "f")
    assert(bytes(read(file)) === file.toSeq)
    def refused(b: Array[Byte]) = intercept[java.io.IOException](read(b)).getMessage
    for (i <- file.indices) refused(file.updated(i, (file(i) ^ 1).toByte))
    for (n <- Seq(0, 7, 8, 19, 20, file.length - 1)) refused(file.take(n))
    assert(refused("something else".getBytes) === "f: at byte 0: not a training checkpoint")
    assert(refused(file.updated(11, 9.toByte)).startsWith("f: training checkpoint of version 9, expected 1"))
    assert(refused(file.updated(40, (file(40) ^ 4).toByte)) === "f: training checkpoint has a wrong checksum; remove it")
    assert(refused(file.init) === "f: training checkpoint is cut short; remove it")
  }
}
