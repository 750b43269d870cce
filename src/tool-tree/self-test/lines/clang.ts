import type { Lines } from './lines.ts';

const small =
  "printf '%s\\n' 'struct p { char c; long double l; int f : 3; }; int f(struct p *p, char c) { return p->f + (c < 0) + __builtin_popcount(p->c); } double fused(double a, double b, double c) { return a * b + c; }' > s.c; printf '%s\\n' 'namespace n { template <typename T> struct box { T v; T twice() const { return v + v; } }; }' 'extern \"C\" int f(int x) { try { return n::box<int>{x}.twice(); } catch (...) { return [&] { return x; }(); } }' > s.cc";

/**
 * Constants that LLVM works out with libm. The first five come out otherwise on processors without fused multiplication; logl is left to
 * the guest's program in arm64's LLVM.
 */
const constants = `printf '%s\\n' 'double atan(double), cos(double), exp(double), sin(double), pow(double, double), exp2(double), log10(double), cosh(double); long double logl(long double), sqrtl(long double);' 'void f(double *p) { p[0] = atan(0.20455919852377846); p[1] = cos(-4.035587622203604); p[2] = exp(9.48066281020715); p[3] = sin(12.09578771434947); p[4] = pow(3.439543002016814, 1.0375548485272432); p[5] = exp2(1.37); p[6] = log10(7.7); p[7] = cosh(1.3); }' 'void g(long double *p) { p[0] = logl(2.5L); p[1] = sqrtl(2.5L); p[2] = 0.1L + 1.0L / 3; p[3] = 1e4000L; p[4] = __builtin_logl(3.1L); }' > k.c`;

/** Each time an emulated clang starts takes half a second. */
export const clangLines: Lines = {
  clang: [
    `${small}; clang -c -O2 s.c`,
    `${constants}; clang -S -O2 k.c; clang -S -O1 -ffast-math -emit-llvm k.c -o k.ll`,
    `${small}; clang -S -O2 -emit-llvm s.c; clang -c -O2 -g s.c -o g.o; clang -c -O3 -flto -fPIC -MMD -MF d s.c -o l.o; clang --version; clang -dumpmachine`,
    'clang -E -dM -x c /dev/null; printf "#include <stddef.h>\\n#include <stdarg.h>\\n#include <limits.h>\\nint x = INT_MAX;\\n" > h.c; clang -E h.c; clang -M h.c; clang -O1 -c -g h.c -mcpu=cortex-a76',
    `${small}; echo 'int f(void) { return 1 }' > bad.c; clang -c bad.c; clang -c nothing.c; clang -c -Weverything s.c -o w.o; clang -nonsense s.c; clang; clang -c -mcpu=nothing s.c`,
    `${small}; clang -c -fsanitize=undefined,address s.c -o a.o; clang -c "$IN"/asm.s -o m.o; clang -c --target=x86_64-linux-gnu s.c -o x.o; clang -c -save-temps -g s.c -o t.o; CPATH=/x clang -c s.c -o p.o; clang -c -g -gz s.c -o z.o; clang -c -g -gz=zstd s.c -o zs.o; clang -Wp,-v -E s.c; clang -Wl,-z,now -c s.c -o w.o`,
    'printf "int h(void);\\n" > h.h; clang h.h; rm h.h.pch; printf "#include \\"h.h\\"\\nint g(void) { return h(); }\\n" > g.c; clang -c -O1 g.c; cp "$IN"/tree/b.c .; clang -c -lx b.c; clang nothing.o -lm -o n; clang -shared -fuse-ld=none b.o',
  ],
  'clang-versioned': [
    `${small}; clang-{llvm} -c -O1 s.c`,
    `${small}; clang-{llvm} -c nothing.c; clang-{llvm} -c -lx -g s.c; cp s.c t.c; clang-{llvm} -c s.c t.c`,
  ],
  'clang++': [
    `${small}; clang++ -c -O1 s.cc`,
    `${small}; clang++ -c -O0 -g s.cc -o c.o; clang++ -S -std=c++20 -O2 s.cc; clang++ -c nothing.cc; clang++ -x c++ -E -dM /dev/null; clang++ -c -flto=thin s.cc -o t.o`,
    'printf "#include <vector>\\n#include <string>\\nint f(std::vector<std::string> &v) { v.push_back(\\"x\\"); return v.size(); }\\n" > v.cc; clang++ -c -O2 v.cc',
  ],
  'clang-cc1': [
    `${small}; clang -c -O2 s.c "$IN"/unit.c`,
    `${small}; clang++ -c -g -O1 s.cc "$IN"/hello.cc; echo 'int f(void) { return 1 }' > bad.c; clang -c bad.c s.c`,
  ],
};
