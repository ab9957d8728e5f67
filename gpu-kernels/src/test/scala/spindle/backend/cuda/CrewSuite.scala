package spindle.backend.cuda

import java.util.concurrent.atomic.AtomicIntegerArray
import java.util.concurrent.{CountDownLatch, CyclicBarrier, TimeUnit}

import org.scalatest.funsuite.AnyFunSuite

class CrewSuite extends AnyFunSuite {
  private def counted(crew: Crew, pieces: Int): Seq[Int] = {
    val done = new AtomicIntegerArray(math.max(1, pieces))
    crew.run(pieces, done.incrementAndGet(_))
    (0 until pieces).map(done.get)
  }

  for (size <- Seq(1, 2, 5); pieces <- Seq(0, 1, 2, 4, 5, 6, 100))
    test(s"a crew of $size does each of $pieces pieces once, again and again") {
      val crew = new Crew(size)
      for (_ <- 1 to 20) assert(counted(crew, pieces).forall(_ == 1))
    }

  test("as many pieces as the crew has threads are done at a time") {
    val crew = new Crew(3)
    val together = new CyclicBarrier(3)
    crew.run(3, _ => together.await(60, TimeUnit.SECONDS))
  }

  test("what a piece throws comes out when all have ended, and the crew goes on") {
    val crew = new Crew(3)
    for (thrown <- Seq[Throwable](new IllegalStateException("piece"), new OutOfMemoryError("piece"))) {
      val done = new AtomicIntegerArray(10)
      val caught = intercept[Throwable] {
        crew.run(10, { k => done.incrementAndGet(k); if (k == 4) throw thrown })
      }
      assert(caught eq thrown)
      assert((0 until 10).forall(done.get(_) == 1))
      assert(counted(crew, 10).forall(_ == 1))
    }
  }

  test("who is interrupted waits for what has begun, and stays interrupted") {
    val crew = new Crew(2)
    Thread.currentThread.interrupt()
    assert(counted(crew, 8).forall(_ == 1))
    assert(Thread.interrupted())
  }

  test("work that comes while the crew is busy is done by who brings it") {
    val crew = new Crew(2)
    val (begun, other) = (new CountDownLatch(1), new CountDownLatch(1))
    val first = new Thread(() => crew.run(2, { _ => begun.countDown(); other.await() }))
    first.start()
    begun.await()
    val own = Thread.currentThread
    crew.run(4, _ => assert(Thread.currentThread eq own))
    other.countDown()
    first.join()
  }
}
