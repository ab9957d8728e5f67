// sgemm of OpenBLAS on one thread: n x n by n x n, as `spindle bench sgemm` times its own.
//   sgemm [N...]
#include <cblas.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

extern "C" void openblas_set_num_threads(int);
extern "C" char *openblas_get_corename();

namespace {
double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}
}  // namespace

int main(int argc, char **argv) {
  openblas_set_num_threads(1);
  for (int arg = 1; arg < std::max(argc, 2); arg++) {
    int n = argc > 1 ? std::atoi(argv[arg]) : 512;
    std::vector<float> a(n * n, 0.5f), b(n * n, 0.25f), c(n * n);
    auto multiply = [&] {
      cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1, a.data(), n, b.data(), n, 0, c.data(), n);
    };
    double last = 0;
    for (double until = now() + 0.5; now() < until;) {
      double begin = now();
      multiply();
      last = now() - begin;
    }
    int calls = std::max(1, int(0.2 / last));
    std::vector<double> gflops;
    for (int r = 0; r < 5; r++) {
      double begin = now();
      for (int k = 0; k < calls; k++) multiply();
      gflops.push_back(2.0 * n * n * n * calls / (now() - begin) * 1e-9);
    }
    std::sort(gflops.begin(), gflops.end());
    std::printf("{\"name\":\"sgemm\",\"system\":\"openblas\",\"blas\":\"%s\",\"n\":%d,\"gflops\":%g,\"gflops_min\":%g,"
                "\"gflops_max\":%g}\n", openblas_get_corename(), n, gflops[2], gflops[0], gflops[4]);
  }
}
