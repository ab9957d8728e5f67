// The innermost work of regenerated rows and of large networks, by hand for a processor with AVX-512.
//
//   limits [NEURONS [SYNAPSES_PER_NEURON]]        (400000 80)
//
// Prints one JSON line with times in ns, each the least of a few rounds:
//   draw     a geometric gap: two keys and a counter mixed to 32 bits, a float32 logarithm of 8 terms, a product, an
//            integer; keys and counters lie ready in the L1 cache
//   count    a column counted in 16 bits: columns lie ready, of 256 rows that take turns, sorted within each row
//   synapse  a row's share of both
//   plain    a synapse of rows that are walked one after the other in plain C++, drawn and counted in float32: what a
//            compiler makes of the textbook loop
//   update   a neuron of COBA-LIF for a step, without spikes: four float32 arrays read and written, two of counts read
//            and cleared
//   update_aligned, update_shifted
//            the same where all arrays begin with a cache line, and 16 bytes into one, as those of a JVM do
// The results are not those of the simulator; the operations are. One way of writing them, so no bounds: where rows are
// dense the simulator is a little faster.

#include <immintrin.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <vector>

namespace {

constexpr int kRounds = 7;
constexpr int kDraws = 1024;
constexpr int kLanes = 256;
constexpr int kTurns = 2;

/** Of the float32 logarithm to base 2. */
constexpr float kTerms[] = {1.4426949f,   -0.72132843f, 0.48046754f,   -0.35673698f, 0.2694788f,
                            -0.18466391f, 0.09880796f,  -0.034267496f, 0.005547619f};

template <class F>
double least(double elements, F run) {
  double best = 1e300;
  for (int round = 0; round < kRounds; ++round) {
    const auto begin = std::chrono::steady_clock::now();
    run();
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  return best / elements * 1e9;
}

__attribute__((noinline)) void draw(const uint32_t* k0, const uint32_t* k1, const uint32_t* counter, int32_t* gap,
                                    float per_log2) {
  auto all = [](uint32_t x) { return _mm512_set1_epi32(static_cast<int>(x)); };
  for (int i = 0; i < kDraws; i += 16) {
    __m512i x = _mm512_add_epi32(_mm512_mullo_epi32(_mm512_loadu_si512(counter + i), all(0x9E3779B9)),
                                 _mm512_loadu_si512(k0 + i));
    x = _mm512_mullo_epi32(_mm512_xor_si512(x, _mm512_srli_epi32(x, 16)), all(0x7feb352d));
    x = _mm512_xor_si512(x, _mm512_loadu_si512(k1 + i));
    x = _mm512_mullo_epi32(_mm512_xor_si512(x, _mm512_srli_epi32(x, 15)), all(0x846ca68b));
    x = _mm512_xor_si512(x, _mm512_srli_epi32(x, 16));
    const __m512i whole = _mm512_add_epi32(_mm512_srli_epi32(x, 8), all(1));
    const __m512i u = _mm512_castps_si512(_mm512_mul_ps(_mm512_cvtepi32_ps(whole), _mm512_set1_ps(0x1p-24f)));
    const __m512i mantissa = _mm512_or_si512(_mm512_and_si512(u, all(0x807fffff)), all(0x3f800000));
    const __m512i exponent = _mm512_sub_epi32(_mm512_and_si512(_mm512_srli_epi32(u, 23), all(0xff)), all(127));
    const __m512 f = _mm512_sub_ps(_mm512_castsi512_ps(mantissa), _mm512_set1_ps(1));
    __m512 sum = _mm512_set1_ps(kTerms[8]);
    for (int n = 7; n >= 0; --n) sum = _mm512_fmadd_ps(sum, f, _mm512_set1_ps(kTerms[n]));
    sum = _mm512_fmadd_ps(sum, f, _mm512_cvtepi32_ps(exponent));
    const __m512i found = _mm512_cvttps_epi32(_mm512_mul_ps(sum, _mm512_set1_ps(per_log2)));
    _mm512_storeu_si512(gap + i, _mm512_min_epi32(found, all((1 << 30) - 1)));
  }
}

uint32_t mix(uint32_t k0, uint32_t k1, uint32_t counter) {
  uint32_t x = counter * 0x9E3779B9 + k0;
  x = ((x ^ (x >> 16)) * 0x7feb352d) ^ k1;
  x = (x ^ (x >> 15)) * 0x846ca68b;
  return x ^ (x >> 16);
}

int32_t gap(uint32_t bits, float per_log2) {
  const float u = static_cast<float>(static_cast<int32_t>((bits >> 8) + 1)) * 0x1p-24f;
  uint32_t pattern;
  std::memcpy(&pattern, &u, sizeof pattern);
  const uint32_t mantissa = (pattern & 0x807fffff) | 0x3f800000;
  float f;
  std::memcpy(&f, &mantissa, sizeof f);
  f -= 1;
  float sum = kTerms[8];
  for (int n = 7; n >= 0; --n) sum = std::fma(sum, f, kTerms[n]);
  sum = std::fma(sum, f, static_cast<float>(static_cast<int32_t>((pattern >> 23) & 0xff) - 127));
  return std::min(static_cast<int32_t>(sum * per_log2), (1 << 30) - 1);
}

/** Number of synapses of some rows in columns [begin, end), each counted. */
__attribute__((noinline)) int64_t walk(int rows, int begin, int end, float per_log2, float* target) {
  int64_t synapses = 0;
  for (int row = 0; row < rows; ++row) {
    const uint32_t k0 = mix(1, 2, row), k1 = mix(3, begin, row);
    int column = begin + gap(mix(k0, k1, 0), per_log2);
    for (uint32_t k = 1; column < end; ++k) {
      target[column] += 1;
      ++synapses;
      column += 1 + gap(mix(k0, k1, k), per_log2);
    }
  }
  return synapses;
}

__attribute__((noinline)) void count(const int32_t* columns, int number, int end, int16_t* target) {
  for (int i = 0; i < number; ++i) ++target[std::min(columns[i], end)];
}

__attribute__((noinline)) void update(float* __restrict v, float* __restrict ge, float* __restrict gi,
                                      float* __restrict clock, int16_t* __restrict ne, int16_t* __restrict ni, int n) {
  for (int i = 0; i < n; ++i) {
    ge[i] = ge[i] * 0.98f + ne[i] * 0.6f;
    gi[i] = gi[i] * 0.99f + ni[i] * 6.7f;
    ne[i] = ni[i] = 0;
    clock[i] -= 0.1f;
    v[i] += 0.005f * (-49 - v[i] + ge[i] * (0 - v[i]) + gi[i] * (-80 - v[i]));
  }
}

double time_draw() {
  // Apart by a page and a quarter: else loads wait for stores whose addresses share the low 12 bits.
  constexpr int kRoom = kDraws + kDraws / 4;
  std::vector<uint32_t> k0(kRoom), k1(kRoom), counter(kRoom);
  std::vector<int32_t> gap(kRoom);
  for (int i = 0; i < kDraws; ++i) k0[i] = 77 * i, k1[i] = 99 * i, counter[i] = i;
  const int calls = 100000;
  return least(static_cast<double>(calls) * kDraws, [&] {
    for (int c = 0; c < calls; ++c) draw(k0.data(), k1.data(), counter.data(), gap.data(), -69);
  });
}

/** Rows begin anew where they end; columns at the end of a row fall behind the targets. */
double time_count(int width, double mean) {
  const int turns = 20000;
  std::vector<int32_t> columns(static_cast<size_t>(turns) * kLanes), cursor(kLanes);
  std::vector<int16_t> target(width + 1);
  std::mt19937 random(1);
  std::geometric_distribution<int32_t> gap(1 / mean);
  for (auto& c : cursor) c = static_cast<int32_t>(random() % width);
  double inside = 0;
  for (int t = 0; t < turns; ++t) {
    for (int lane = 0; lane < kLanes; ++lane) {
      if (t % kTurns == 0 && cursor[lane] >= width) cursor[lane] = 0;
      cursor[lane] = std::min(cursor[lane] + gap(random), width);
      columns[static_cast<size_t>(t) * kLanes + lane] = cursor[lane];
      inside += cursor[lane]++ < width;
    }
  }
  return least(inside, [&] { count(columns.data(), static_cast<int>(columns.size()), width, target.data()); });
}

double time_plain(int width, int chunks, double p) {
  const auto per_log2 = static_cast<float>(std::log(2) / std::log1p(-p));
  std::vector<float> target(static_cast<size_t>(width) * chunks);
  const int rows = std::max(1, static_cast<int>(1e7 / (static_cast<double>(target.size()) * p)));
  int64_t synapses = 0;
  auto all = [&] {
    synapses = 0;
    for (int c = 0; c < chunks; ++c) synapses += walk(rows, c * width, (c + 1) * width, per_log2, target.data());
  };
  const double nanoseconds = least(1, all);
  return nanoseconds / static_cast<double>(synapses);
}

double time_update(int n) {
  std::vector<float> v(n, -60), ge(n), gi(n), clock(n);
  std::vector<int16_t> ne(n), ni(n);
  const int steps = std::max(1, 40000000 / n);
  return least(static_cast<double>(steps) * n, [&] {
    for (int s = 0; s < steps; ++s) update(v.data(), ge.data(), gi.data(), clock.data(), ne.data(), ni.data(), n);
  });
}

/** The same where every array begins some bytes into a cache line, and none a whole number of pages from another. */
double time_update_at(int n, int bytes) {
  const size_t room = (static_cast<size_t>(n) * sizeof(float) + 4095) / 4096 * 4096 + 896;
  std::vector<char> memory(6 * room + 8192);
  char* const page = memory.data() + (4096 - reinterpret_cast<uintptr_t>(memory.data()) % 4096);
  auto floats = [&](int k) { return reinterpret_cast<float*>(page + bytes + k * room); };
  auto counts = [&](int k) { return reinterpret_cast<int16_t*>(page + bytes + k * room); };
  const int steps = std::max(1, 40000000 / n);
  return least(static_cast<double>(steps) * n, [&] {
    for (int s = 0; s < steps; ++s) update(floats(0), floats(1), floats(2), floats(3), counts(4), counts(5), n);
  });
}

}  // namespace

int main(int argc, char** argv) {
  const int neurons = argc > 1 ? std::atoi(argv[1]) : 400000;
  const int synapses = argc > 2 ? std::atoi(argv[2]) : 80;
  if (neurons < 1 || synapses < 1 || synapses > neurons) {
    std::fprintf(stderr, "limits: neurons and synapses per neuron must be at least 1, synapses at most neurons\n");
    return 2;
  }
  // Rows are cut into chunks of about 2^15 targets that hold at least 32 synapses.
  const int chunks = std::max(1, std::min((neurons + (1 << 15) - 1) >> 15, synapses / 32));
  const int width = (neurons + chunks - 1) / chunks;
  const double drawn = time_draw();
  const double counted = time_count(width, static_cast<double>(neurons) / synapses);
  const double plain = time_plain(width, chunks, static_cast<double>(synapses) / neurons);
  std::printf("{\"name\": \"limits\", \"neurons\": %d, \"synapses_per_neuron\": %d, \"draw_ns\": %.3f, \"count_ns\": %.3f, "
              "\"synapse_ns\": %.3f, \"plain_ns\": %.3f, \"update_ns\": %.3f, "
              "\"update_aligned_ns\": %.3f, \"update_shifted_ns\": %.3f}\n",
              neurons, synapses, drawn, counted, drawn + counted, plain, time_update(neurons), time_update_at(neurons, 0),
              time_update_at(neurons, 16));
}
