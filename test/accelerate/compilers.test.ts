import { beforeAll, expect, it } from 'vitest';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { guestRootCopy } from '../support/guest-roots/guest-root.ts';
import { preparedState } from '../support/guest-roots/prepared-state.ts';
import { bothWays, startsOf, type BothWays } from '../support/guest-roots/two-ways.ts';

/** Small sources without large headers: an emulated compiler takes a second for each that has some. */
const script = `
cat > a.c <<'END'
#include <stddef.h>
#include <limits.h>
static const double table[] = { 0.1, 1e300, 1.0 / 3 };
long double wide(long double x) { return x * 1.1L; }
int twice(int x) { return x << 1; }
char least(void) { return CHAR_MIN; }
double sum(size_t n) { double s = 0; for (size_t i = 0; i < n; i++) s += table[i % 3]; return s; }
END
cat > main.c <<'END'
int twice(int);
int main(int argc, char **argv) { return twice(argc) - 2; }
END
cat > b.cc <<'END'
template <typename T> struct box { T v; T twice() const { return v + v; } };
int run(int x) { try { return box<int>{x}.twice(); } catch (...) { return [&] { return x; }(); } }
END
gcc -c -g -O0 a.c -o debug.o
gcc -c -O2 -fPIC -Wall -frandom-seed=1 -MMD -MF depends a.c -o fast.o
gcc -E a.c -o a.i
gcc -E -dM a.c -o macros
gcc -M a.c > rules
gcc -S -O1 -fverbose-asm a.c -o a.s
gcc -shared -Wl,-soname,liba.so.1 fast.o -o liba.so
gcc -O1 main.c fast.o -o dynamic
gcc -static -O1 main.c fast.o -o static
gcc -flto=1 -flto-partition=none -O2 -frandom-seed=1 a.c main.c -o whole
./dynamic
./static
./whole
g++ -c -g -O1 -std=c++20 b.cc -o b.o
g++ -S -O2 b.cc -o b.s
ar rcsD all.a debug.o fast.o b.o
ranlib -D all.a
nm all.a > names
cp debug.o bare.o
strip -g bare.o
objcopy -O binary -j .text fast.o text
objdump -d -r fast.o > listing
readelf -aW liba.so > headers
size fast.o > sizes
ld -r debug.o b.o -o joined.o
echo 'int f(void) { return 1 }' > wrong.c
! gcc -c wrong.c 2> errors
`;

describeWith([needs.root, needs.qemu, needs.apt], "Debian's compilers and binutils", () => {
  let ways: BothWays;
  beforeAll(async () => {
    const root = await guestRootCopy('dev');
    ways = await bothWays({ root, state: await preparedState(root) }, script);
  }, 600_000);

  it('make the same bytes natively', () => {
    expect(ways.plain).toMatchObject({ exitCode: 0, stderr: '' });
    expect(Object.keys(ways.plain.files)).toEqual(
      expect.arrayContaining(['whole', 'static', 'liba.so', 'b.o', 'all.a', 'joined.o', 'errors']),
    );
    const contents = ({ files }: BothWays['plain']) =>
      Object.fromEntries(Object.entries(files).map(([name, content]) => [name, content.toString('base64')]));
    expect(contents(ways.accelerated)).toEqual(contents(ways.plain));
    expect(ways.accelerated).toMatchObject({ exitCode: 0, stdout: ways.plain.stdout, stderr: '' });
  });

  it.each([
    ...['gcc', 'cc1', 'as', 'collect2', 'ld', 'g++', 'cc1plus'],
    ...['ar', 'ranlib', 'nm', 'strip', 'objcopy', 'objdump', 'readelf', 'size'],
  ])('ran natively: %s', (name) => {
    expect(startsOf(ways.report, name).native).toBeGreaterThan(0);
  });
});
