import type { Lines } from './lines.ts';

/** GCC's own programs are in libexec since 13, in lib before. */
const internal = (name: string): string => `T=$(echo /usr/lib*/gcc/*/*/${name} | cut -d' ' -f1)`;
/** Objects that are there, and one with lines of source: emulated compilers take a second for each. */
const object =
  'cp $(ls /usr/lib/*/Scrt1.o | head -n 1) s.o; cp $(ls /usr/lib/gcc/*/*/crtbeginS.o | head -n 1) u.o; as -g "$IN"/asm.s -o g.o';
/** Without headers of the C++ library, which take seconds emulated. */
const smallCc =
  "printf '%s\\n' 'namespace n { template <typename T> struct box { T v; T twice() const { return v + v; } }; }' 'extern \"C\" int f(int x) { try { return n::box<int>{x}.twice(); } catch (...) { return [&] { return x; }(); } }' 'char high() { return (char)200; } double fused(double a, double b, double c) { return a * b + c; }' > s.cc";

export const cLines: Lines = {
  cc1: [
    `${internal('cc1')}; $T -quiet -E /dev/null`,
    'gcc -S -O2 "$IN"/hello.c; gcc -S -O0 -g -fverbose-asm "$IN"/unit.c',
    'gcc -c -O3 -g -fPIC -Wall -fstack-protector-strong -MMD -MF d -frandom-seed=1 "$IN"/unit.c; gcc -E -dD "$IN"/unit.c | cksum; gcc -M "$IN"/hello.c',
    // A compiled header is the guest's compiler's own.
    'echo "int h(void);" > h.h; gcc -c h.h; echo "int g(void) { return h(); }" > g.c; gcc -Winvalid-pch -include h.h -c g.c; rm h.h.gch',
    'echo "int f(void) { return 1 }" > bad.c; gcc -c bad.c; gcc -c nothing.c; printf "long double x = 0.1L; float y = 1e-40f; double z = 1.0005 * 3; _Complex double w = 1.5; char c = 200;\\n" > n.c; gcc -S n.c',
  ],
  cc1plus: [
    `${internal('cc1plus')}; $T -quiet -E /dev/null`,
    `${smallCc}; g++ -S -O2 s.cc; g++ -c -g -std=c++20 s.cc`,
    'g++ -c -O1 -frandom-seed=1 "$IN"/hello.cc; echo "int main() { undefined(); }" > bad.cc; g++ -c bad.cc',
  ],
  lto1: [
    `${internal('lto1')}; $T -quiet -E /dev/null`,
    'gcc -flto -O2 -frandom-seed=1 -c "$IN"/unit.c -o u.o; gcc -flto=1 -flto-partition=none -O2 -frandom-seed=1 -shared -nostdlib -o u.so u.o',
    'gcc -g -flto -frandom-seed=1 -frecord-gcc-switches "$IN"/unit.c -shared -nostdlib -o g.so; gcc -g -flto=1 -ffat-lto-objects -frandom-seed=1 "$IN"/unit.c -shared -lm -Wl,--build-id -o m.so',
  ],
  'lto-wrapper': [
    'gcc -flto -O1 -frandom-seed=1 -c -x c /dev/null -o u.o; gcc -flto=1 -O1 -frandom-seed=1 -shared -nostdlib -o u.so u.o',
  ],
  collect2: [
    'gcc -shared -nostdlib "$IN"/asm.s -o e.so',
    'gcc -O1 "$IN"/hello.c -Wl,-O1,--as-needed -lm -o h; gcc -Wl,--version -nostdlib "$IN"/asm.s 2>&1 | sed "s/cc[A-Za-z0-9]\\{6\\}/ccX/g"; gcc -no-pie -nostdlib "$IN"/asm.s -o n; gcc nothing.o -o b',
  ],
  gcc: [
    'gcc --version',
    'gcc -dumpspecs | cksum; gcc -dumpmachine; gcc -dumpversion; gcc -print-search-dirs; gcc -print-prog-name=cc1; gcc -print-prog-name=as; gcc -print-file-name=crt1.o; gcc -print-libgcc-file-name; gcc -print-multiarch; gcc -print-sysroot',
    'for w in "-c" "-S -O2" "" "-shared -fPIC" "-static" "-static-pie" "-flto" "-pg" "-E"; do gcc "-###" $w "$IN"/hello.c 2>&1 | sed "s/cc[A-Za-z0-9]\\{6\\}/ccX/g"; done; LIBRARY_PATH=/x gcc "-###" "$IN"/hello.c -o h 2>&1 | sed "s/cc[A-Za-z0-9]\\{6\\}/ccX/g"',
    'gcc -save-temps -c "$IN"/unit.c -o t.o; printf "%s" "-O1 -c" > rsp; gcc @rsp "$IN"/asm.s; gcc -Xassembler -alh -c "$IN"/asm.s -o a.o; gcc nothing.c; gcc; gcc -nonsense -c "$IN"/asm.s; cp "$IN"/asm.s u.S; gcc -E -P u.S',
  ],
  'g++': [
    'g++ -c "$IN"/asm.s -o a.o',
    `g++ --version; ${smallCc}; g++ -g -flto -frandom-seed=1 -frecord-gcc-switches -c s.cc; g++ -g -flto=1 -frandom-seed=1 -shared -nostdlib s.o -o l.so; g++ -g -flto=1 -frandom-seed=1 -frecord-gcc-switches -shared -nostdlib s.cc -o m.so`,
    'export SOURCE_DATE_EPOCH=1; printf "export module m;\\nexport int f() { return 1; }\\n" > m.cc; g++ -std=c++20 -fmodules-ts -frandom-seed=1 -c m.cc; cksum gcm.cache/m.gcm > sum; rm -r gcm.cache',
    'g++ "-###" -c "$IN"/hello.cc 2>&1 | sed "s/cc[A-Za-z0-9]\\{6\\}/ccX/g"; g++ "-###" "$IN"/hello.cc -o h 2>&1 | sed "s/cc[A-Za-z0-9]\\{6\\}/ccX/g"; g++ -print-file-name=libstdc++.so; g++ -dumpspecs | cksum; g++ -print-search-dirs; g++ nothing.cc',
    'g++ "$IN"/hello.cc -o h; g++ -shared -nostdlib "$IN"/asm.s -o s.so',
  ],
  cpp: [
    'cpp --version',
    'cpp "$IN"/unit.c; cpp -dM /dev/null; cpp -MM "$IN"/unit.c; echo "#include <nothing.h>" | cpp; cpp -traditional-cpp "$IN"/text',
  ],
  as: [
    'as --version',
    'as "$IN"/asm.s -o a.o; as -g --gdwarf-5 -alhns "$IN"/asm.s -o g.o; as -o b.o "$IN"/text; as --defsym x=3 -I . -o c.o < "$IN"/asm.s; as -g --compress-debug-sections=zlib "$IN"/asm.s -o z.o; as nothing.s',
  ],
  ld: [
    'ld --version',
    `${object}; ld -r u.o -o r.o; ld -shared u.o -o u.so -Map=map --hash-style=gnu -z now; ld --verbose | cksum; ld -e value --unresolved-symbols=ignore-all --build-id=md5 u.o -o x; ld -T nothing u.o; ld u.o -o y; ld --gc-sections -s -shared -soname=a.so.1 u.o -o s.so; printf "u.o\\n" > rsp; ld -r @rsp -o q.o; ld -lnothing; ld -V`,
  ],
  ar: [
    'ar --version',
    `${object}; ar rcsD a.a u.o; ar tvO a.a; ar p a.a u.o | cksum; ar rcT t.a u.o; cp "$IN"/asm.s m; ar qD a.a m; ar dD a.a m; ar x a.a; ar -M < /dev/null; ar t "$IN"/text; ar s nothing; rm t.a`,
  ],
  ranlib: ['ranlib --version', `${object}; ar rcSD a.a u.o; ranlib -D a.a; ranlib nothing`],
  nm: [
    'nm --version',
    `${object}; nm u.o; nm -n -S -l g.o s.o; nm -D u.o; nm -f posix -u u.o; nm "$IN"/text`,
  ],
  strip: [
    'strip --version',
    `${object}; cp u.o v.o; strip -g g.o; strip --strip-unneeded -o w.o u.o; strip -K __dso_handle -o k.o u.o; strip "$IN"/text`,
  ],
  objcopy: [
    'objcopy --version',
    `${object}; objcopy -O binary -j .rodata u.o b; objcopy --only-keep-debug u.o d.o; objcopy --add-gnu-debuglink=d.o u.o l.o; objcopy --rename-section .data=.x --redefine-sym __dso_handle=y u.o r.o; objcopy -I binary -O elf64-little b e.o; objcopy --compress-debug-sections g.o z.o; objcopy nothing`,
  ],
  objdump: [
    'objdump --version',
    `${object}; objdump -d -r u.o; objdump -x -s -j .rodata u.o; objdump -S -l g.o; objdump -W g.o; objdump -i; objdump "$IN"/text`,
  ],
  readelf: [
    'readelf --version',
    `${object}; readelf -aW u.o; readelf -w g.o; readelf -x .data u.o; readelf -n /bin/sh; readelf "$IN"/text`,
  ],
  elfedit: [
    'elfedit --version',
    `${object}; elfedit --output-osabi FreeBSD u.o; elfedit --input-type exec --output-type dyn u.o`,
  ],
  size: ['size --version', `${object}; size u.o; size -A -x u.o; size "$IN"/text`],
  strings: [
    'strings --version',
    `${object}; strings u.o; strings -a -t x -n 3 "$IN"/bytes; strings -e l "$IN"/bytes; strings nothing`,
  ],
  addr2line: [
    'addr2line --version',
    `${object}; addr2line -f -i -C -e g.o 0x0 0x10 20; addr2line -e nothing 1`,
  ],
  'c++filt': [
    'c++filt --version',
    'c++filt _ZN1n3boxIiE5twiceEv _Z1fv nothing; printf "_ZNSt3mapIiiE2atERKi x\\n" | c++filt',
  ],
};
