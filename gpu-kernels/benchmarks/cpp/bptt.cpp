// Back propagation through time of recurrent LIF neurons on one minibatch, in C++: the network that
// `spindle bench bptt --dump FILE` wrote, the equations that its help tells.
//
//   bptt FILE [--event] [--rate R] [--warm S] [--rounds N] [--iterations N]
//
// Dense: every product is an sgemm of OpenBLAS, that of the weight gradient one of all steps.
// --event: rows of spikes are added one by one, forward and for the weight gradients; the product
// back through the recurrent weights is an sgemm. States are [step][member][neuron].
#include <cblas.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

extern "C" void openblas_set_num_threads(int);
extern "C" char *openblas_get_corename();

namespace {
using Floats = std::vector<float>;

struct Net {
  int inputs, hidden, outputs, steps, batch;
  std::vector<int> spike, label;  // step of each input [member][input]; class of each member
  Floats in, rec, out;            // weights [pre][post]
};

template <class T>
void read(std::FILE *f, T *to, size_t n) {
  if (std::fread(to, sizeof(T), n, f) != n) {
    std::fprintf(stderr, "bptt: the file is cut short\n");
    std::exit(1);
  }
}

Net load(const char *path) {
  std::FILE *f = std::fopen(path, "rb");
  if (!f) {
    std::fprintf(stderr, "bptt: cannot open %s\n", path);
    std::exit(1);
  }
  Net n;
  int32_t sizes[5];
  read(f, sizes, 5);
  n.inputs = sizes[0], n.hidden = sizes[1], n.outputs = sizes[2], n.steps = sizes[3], n.batch = sizes[4];
  n.spike.resize(n.batch * n.inputs), n.label.resize(n.batch);
  n.in.resize(n.inputs * n.hidden), n.rec.resize(n.hidden * n.hidden), n.out.resize(n.hidden * n.outputs);
  read(f, n.spike.data(), n.spike.size());
  read(f, n.label.data(), n.label.size());
  read(f, n.in.data(), n.in.size());
  read(f, n.rec.data(), n.rec.size());
  read(f, n.out.data(), n.out.size());
  std::fclose(f);
  return n;
}

/** c (rows x columns) (+)= a b with a either as it is or transposed. */
void gemm(bool ta, bool tb, int rows, int columns, int depth, const float *a, const float *b, float beta, float *c) {
  cblas_sgemm(CblasRowMajor, ta ? CblasTrans : CblasNoTrans, tb ? CblasTrans : CblasNoTrans, rows, columns, depth, 1,
              a, ta ? rows : depth, b, tb ? depth : columns, beta, c, columns);
}

class Bptt {
 public:
  Bptt(Net net, bool event) : n(std::move(net)), event(event) {
    const size_t th = size_t(n.steps) * n.batch;
    x.assign(th * n.inputs, 0), s.assign(th * n.hidden, 0), m.assign(th * n.hidden, 0);
    y.assign(size_t(n.batch) * n.outputs, 0), mean = y;
    v.assign(size_t(n.batch) * n.hidden, 0), current = v, bar = v, barS = v;
    delta.assign(th * n.hidden, 0), deltaOut.assign(th * n.outputs, 0), outCurrent.assign(y.size(), 0);
    gIn = n.in, gRec = n.rec, gOut = n.out;
    for (int b = 0; b < n.batch; b++)
      for (int j = 0; j < n.inputs; j++)
        x[(size_t(n.spike[b * n.inputs + j]) * n.batch + b) * n.inputs + j] = 1;
    inRows.resize(th), hiddenRows.resize(th);
    for (size_t r = 0; r < th; r++) find(&x[r * n.inputs], n.inputs, inRows[r]);
  }

  float iterate(float rate) {
    forward();
    float loss = losses();
    backward();
    gradients();
    descend(n.in, gIn, rate), descend(n.rec, gRec, rate), descend(n.out, gOut, rate);
    return loss;
  }

  double density() const {
    double sum = 0;
    for (float z : s) sum += z;
    return sum / s.size();
  }

 private:
  Net n;
  bool event;
  const float a = -std::expm1(-0.1f);
  Floats x, s, m, y, mean, v, current, bar, barS, delta, deltaOut, outCurrent, gIn, gRec, gOut;
  std::vector<std::vector<int>> inRows, hiddenRows;

  static void find(const float *z, int n, std::vector<int> &rows) {
    rows.clear();
    for (int j = 0; j < n; j++)
      if (z[j] != 0) rows.push_back(j);
  }

  void add(const std::vector<int> &rows, const Floats &w, int width, float *to) {
    for (int i : rows) {
      const float *row = &w[size_t(i) * width];
      for (int j = 0; j < width; j++) to[j] += row[j];
    }
  }

  void arrive(int k) {
    const size_t before = size_t(k - 1) * n.batch;
    std::fill(current.begin(), current.end(), 0.f);
    std::fill(outCurrent.begin(), outCurrent.end(), 0.f);
    if (k == 0) return;
    if (event) {
      for (int b = 0; b < n.batch; b++) {
        add(inRows[before + b], n.in, n.hidden, &current[size_t(b) * n.hidden]);
        add(hiddenRows[before + b], n.rec, n.hidden, &current[size_t(b) * n.hidden]);
        add(hiddenRows[before + b], n.out, n.outputs, &outCurrent[size_t(b) * n.outputs]);
      }
      return;
    }
    gemm(false, false, n.batch, n.hidden, n.inputs, &x[before * n.inputs], n.in.data(), 0, current.data());
    gemm(false, false, n.batch, n.hidden, n.hidden, &s[before * n.hidden], n.rec.data(), 1, current.data());
    gemm(false, false, n.batch, n.outputs, n.hidden, &s[before * n.hidden], n.out.data(), 0, outCurrent.data());
  }

  void forward() {
    std::fill(v.begin(), v.end(), 0.f), std::fill(y.begin(), y.end(), 0.f), std::fill(mean.begin(), mean.end(), 0.f);
    for (int k = 0; k < n.steps; k++) {
      arrive(k);
      const size_t cells = v.size(), at = k * cells;
      float *mk = &m[at], *sk = &s[at];
      for (size_t i = 0; i < cells; i++) {
        float moved = v[i] + a * (current[i] - v[i]);
        mk[i] = moved;
        sk[i] = moved >= 1 ? 1.f : 0.f;
        v[i] = moved >= 1 ? 0.f : moved;
      }
      if (event)
        for (int b = 0; b < n.batch; b++)
          find(sk + size_t(b) * n.hidden, n.hidden, hiddenRows[size_t(k) * n.batch + b]);
      for (size_t i = 0; i < y.size(); i++) y[i] += a * (outCurrent[i] - y[i]), mean[i] += y[i] / n.steps;
    }
  }

  /** Cross entropy; leaves its gradient by the mean of y in y. */
  float losses() {
    float sum = 0;
    for (int b = 0; b < n.batch; b++) {
      float *row = &mean[size_t(b) * n.outputs], *g = &y[size_t(b) * n.outputs];
      float top = *std::max_element(row, row + n.outputs), z = 0;
      for (int c = 0; c < n.outputs; c++) z += g[c] = std::exp(row[c] - top);
      sum += std::log(z) - (row[n.label[b]] - top);
      for (int c = 0; c < n.outputs; c++) g[c] = (g[c] / z - (c == n.label[b])) / n.batch;
    }
    return sum / n.batch;
  }

  void backward() {
    std::fill(bar.begin(), bar.end(), 0.f);
    Floats barY(y.size(), 0.f);
    const float half = 1.5707963267948966f / 0.5f;
    for (int k = n.steps - 1; k >= 0; k--) {
      const size_t cells = bar.size(), at = k * cells;
      // barS: from the currents of the step after.
      if (k + 1 < n.steps) {
        gemm(false, true, n.batch, n.hidden, n.hidden, &delta[(k + 1) * cells], n.rec.data(), 0, barS.data());
        gemm(false, true, n.batch, n.hidden, n.outputs, &deltaOut[(k + 1) * y.size()], n.out.data(), 1, barS.data());
      } else {
        std::fill(barS.begin(), barS.end(), 0.f);
      }
      const float *mk = &m[at], *sk = &s[at];
      float *dk = &delta[at];
      for (size_t i = 0; i < cells; i++) {
        float z = half * (mk[i] - 1), g = 1 / (1 + z * z);  // 0.5 / width = 1
        float barM = bar[i] * (1 - sk[i]) + (barS[i] - bar[i] * mk[i]) * g;
        dk[i] = a * barM;
        bar[i] = (1 - a) * barM;
      }
      float *dy = &deltaOut[k * y.size()];
      for (size_t i = 0; i < y.size(); i++) {
        float b = barY[i] + y[i] / n.steps;
        dy[i] = a * b;
        barY[i] = (1 - a) * b;
      }
    }
  }

  void gradients() {
    const int rows = (n.steps - 1) * n.batch;
    const size_t h = size_t(n.batch) * n.hidden, o = y.size();
    if (!event) {
      gemm(true, false, n.inputs, n.hidden, rows, x.data(), &delta[h], 0, gIn.data());
      gemm(true, false, n.hidden, n.hidden, rows, s.data(), &delta[h], 0, gRec.data());
      gemm(true, false, n.hidden, n.outputs, rows, s.data(), &deltaOut[o], 0, gOut.data());
      return;
    }
    std::fill(gIn.begin(), gIn.end(), 0.f), std::fill(gRec.begin(), gRec.end(), 0.f), std::fill(gOut.begin(), gOut.end(), 0.f);
    for (int r = 0; r < rows; r++) {
      const float *d = &delta[h + size_t(r) * n.hidden], *e = &deltaOut[o + size_t(r) * n.outputs];
      for (int i : inRows[r]) outer(d, n.hidden, &gIn[size_t(i) * n.hidden]);
      for (int i : hiddenRows[r]) {
        outer(d, n.hidden, &gRec[size_t(i) * n.hidden]);
        outer(e, n.outputs, &gOut[size_t(i) * n.outputs]);
      }
    }
  }

  static void outer(const float *d, int width, float *to) {
    for (int j = 0; j < width; j++) to[j] += d[j];
  }

  static void descend(Floats &w, const Floats &g, float rate) {
    for (size_t i = 0; i < w.size(); i++) w[i] -= rate * g[i];
  }
};

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}
}  // namespace

int main(int argc, char **argv) {
  auto usage = [] {
    std::fprintf(stderr, "usage: bptt FILE [--event] [--rate R] [--warm S] [--rounds N] [--iterations N]\n");
    return 2;
  };
  if (argc < 2) return usage();
  bool event = false;
  double rate = 0.01, warm = 1;
  int rounds = 5, iterations = 20;
  for (int i = 2; i < argc; i++) {
    std::string o = argv[i];
    if (o == "--event") event = true;
    else if (i + 1 == argc) return usage();
    else if (o == "--rate") rate = std::atof(argv[++i]);
    else if (o == "--warm") warm = std::atof(argv[++i]);
    else if (o == "--rounds") rounds = std::atoi(argv[++i]);
    else if (o == "--iterations") iterations = std::atoi(argv[++i]);
    else return usage();
  }
  if (rounds < 1 || iterations < 1) return usage();
  openblas_set_num_threads(1);
  Bptt bptt(load(argv[1]), event);
  std::vector<double> losses, ms;
  losses.push_back(bptt.iterate(rate));
  for (double until = now() + warm; now() < until;) losses.push_back(bptt.iterate(rate));
  for (int r = 0; r < rounds; r++) {
    double begin = now();
    for (int k = 0; k < iterations; k++) losses.push_back(bptt.iterate(rate));
    ms.push_back((now() - begin) * 1e3 / iterations);
  }
  std::sort(ms.begin(), ms.end());
  std::printf("{\"name\":\"bptt\",\"system\":\"cpp-%s\",\"blas\":\"%s\",\"density_last\":%g,\"iteration_ms\":%g,"
              "\"iteration_ms_min\":%g,\"iteration_ms_max\":%g,\"losses\":[",
              event ? "event" : "dense", openblas_get_corename(), bptt.density(), ms[rounds / 2], ms[0], ms[rounds - 1]);
  for (size_t k = 0; k < 5 && k < losses.size(); k++) std::printf("%s%.9g", k ? "," : "", losses[k]);
  std::printf("]}\n");
}
