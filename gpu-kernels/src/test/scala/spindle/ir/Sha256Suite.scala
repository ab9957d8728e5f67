package spindle.ir

import java.nio.charset.StandardCharsets.UTF_8

import org.scalatest.funsuite.AnyFunSuite

class Sha256Suite extends AnyFunSuite {
  test("texts have the digests that the standard gives (FIPS 180-4, examples)") {
    assert(Sha256.hex("abc") === "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    assert(Sha256.hex("") === "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  }

  test("a text in parts has the digest of the whole, and the next one starts afresh") {
    val sha = new Sha256
    for (n <- Seq(0, 1, 7, 64, 1000)) {
      val text = "µ" * n
      val bytes = text.getBytes(UTF_8)
      assert(sha.add(text.take(n / 2)).add(text.drop(n / 2)).hex === Sha256.hex(text))
      assert(sha.add(bytes ++ Array[Byte](1, 2), bytes.length).hex === Sha256.hex(text))
    }
  }
}
