/** What the lines find in `$IN`, by path below it: the same bytes whenever and wherever a self-test runs. */
export function selfTestInputs(): ReadonlyMap<string, Uint8Array> {
  const text = new TextEncoder();
  return new Map<string, Uint8Array>([
    ['text', text.encode(paragraphs)],
    ['other', text.encode(paragraphs.replace('build', 'BUILD').replace(/^the/gm, 'The'))],
    ['numbers', text.encode(numbers(400).join('\n') + '\n')],
    ['table', text.encode(table)],
    ['bytes', Uint8Array.from({ length: 1024 }, (_, index) => (index * 7 + (index >> 8)) & 0xff)],
    ['utf8', text.encode('Grüße, naïve façade\nŻółw — ¿qué?\n日本語 テスト\nplain\n')],
    // Long enough for several blocks of the compressors, and neither empty nor random.
    ['long', text.encode(numbers(12_000).join(' ') + paragraphs.repeat(20))],
    ['tree/a', text.encode('a\n')],
    ['tree/b.c', text.encode('int b(void) { return 2; }\n')],
    ['tree/deep/er/c', text.encode('c c c\n')],
    ['hello.c', text.encode(helloC)],
    ['unit.c', text.encode(unitC)],
    ['hello.cc', text.encode(helloCc)],
    ['asm.s', text.encode(asmS)],
  ]);
}

/** A linear congruence (Park and Miller): no two runs differ. */
function numbers(count: number): number[] {
  let state = 20;
  return Array.from({ length: count }, () => (state = (state * 48271) % 2147483647));
}

const paragraphs = `the quick brown fox jumps over the lazy dog
a build is right or it is not
\tindented by a tab, and by  two  spaces
the same line twice
the same line twice
ends without reason\\
UPPER lower 0123456789 !"#$%&'()*+,-./:;<=>?@[]^_\`{|}~

after an empty line
`;

const table = `name:size:kind
cat:44:tool
sort:120:tool
Ärger:7:word
libc:1900:library
ar:9:tool
`;

const helloC = `#include <stdio.h>
#include <string.h>
struct pair { char c; unsigned bits : 5; long l; double d; };
static double area(double r) { return 3.14159265358979 * r * r + 0.1; }
static int sum(const int *v, int n) { int s = 0; for (int i = 0; i < n; i++) s += v[i] * i; return s; }
int main(int argc, char **argv) {
  int v[] = { 3, 1, 4, 1, 5, 9, 2, 6 };
  struct pair p = { (char)200, 17, 1L << 31, area(2) };
  printf("%d %g %c %zu %d\\n", sum(v, 8), p.d, p.c, strlen(argv[0]), argc);
  return p.bits > 16 ? 0 : 1;
}
`;

const unitC = `extern int puts(const char *);
static const char *const names[] = { "one", "two", "three" };
__attribute__((visibility("default"))) int exported = 7;
int look(unsigned n) {
  switch (n) { case 0: return names[0][1]; case 1: return exported; case 2: return puts(names[2]); default: return -1; }
}
float mix(float a, float b, float c) { return a * b + c; }
unsigned long long wide(unsigned long long x) { return x / 10 + (x >> 33); }
`;

const helloCc = `#include <initializer_list>
#include <new>
#include <typeinfo>
template <typename T> T twice(T value) { return value + value; }
struct shape { virtual ~shape() = default; virtual double area() const { return 0; } };
struct square : shape { double side = 1.5; double area() const override { return side * side; } };
int sum(std::initializer_list<int> all) { int total = 0; for (int one : all) total += twice(one); return total; }
int main(int argc, char **) {
  shape *s = new square;
  try { if (argc > 9) throw 7; } catch (int error) { return error; }
  int code = static_cast<int>(s->area()) + sum({ 1, 2, argc }) + (typeid(*s) == typeid(square) ? 1 : 0);
  delete s;
  return code;
}
`;

/** Directives only: they are the same for every architecture. */
const asmS = `\t.file "asm.s"
\t.data
\t.globl value
value:
\t.long 0x01020304
\t.quad value
\t.asciz "text"
\t.section .rodata.str,"aMS",%progbits,1
\t.asciz "merged"
`;
