import type { Lines } from './lines.ts';

const tools = 'T=$(echo /usr/lib/go-*/pkg/tool/linux_*)';
/** `go` sets them for its tools; the emulated `go` itself would take a minute here. */
const target = `export GOOS=linux; case $T in *_arm64) GOARCH=arm64;; *_arm) GOARCH=arm;; *_ppc64le) GOARCH=ppc64le;; *_s390x) GOARCH=s390x;; *_riscv64) GOARCH=riscv64;; *) GOARCH=386;; esac; export GOARCH`;
const source = `printf 'package p\\nfunc Add(a, b float64, c int64) (float64, int64) { return a*b + 0.1, c/10 + 1<<40 }\\nvar S = []string{"x", "y"}\\nfunc Sum(m map[string]int) (n int) { for k, v := range m { n += v + len(k) }; return }\\n' > p.go`;
const compiled = `${tools}; ${target}; ${source}; $T/compile -p p -complete -std -o p.a p.go`;

export const goLines: Lines = {
  'go-compile': [
    `${tools}; ${target}; $T/compile -V=full`,
    `${compiled}; GOARCH=amd64 $T/compile -p p -std -o a.a p.go; GOARCH=s390x $T/compile -N -l -p p -std -o s.a p.go; $T/compile -S -p p -std -o n.a p.go | grep -c Add; echo x > bad.go; $T/compile -p p bad.go`,
    `${tools}; ${source}; unset GOARCH GOOS; $T/compile -p p -complete -std -o p.a p.go`,
  ],
  'go-asm': [
    `${tools}; ${target}; $T/asm -V=full`,
    `${tools}; ${target}; printf '#include "textflag.h"\\nTEXT ·f(SB),NOSPLIT,$0-0\\n\\tRET\\nDATA ·x(SB)/8,$42\\nGLOBL ·x(SB),RODATA,$8\\n' > f.s; I=$(echo /usr/lib/go-*/pkg/include /usr/share/go-*/pkg/include | tr ' ' '\\n' | grep -v '[*]' | head -n 1); $T/asm -p p -I $I -o f.o f.s; GOARCH=amd64 $T/asm -p p -I $I -o g.o f.s`,
  ],
  'go-link': [`${tools}; ${target}; $T/link -V=full`, `${compiled}; $T/link -o x p.a`],
  'go-cgo': [`${tools}; ${target}; $T/cgo -V=full`, `${tools}; ${target}; $T/cgo nothing.go`],
  'go-pack': [
    `${tools}; ${target}; $T/pack -V=full`,
    `${compiled}; $T/pack t p.a; $T/pack r p.a p.go; $T/pack t p.a; $T/pack p p.a p.go`,
  ],
  'go-buildid': [
    `${tools}; ${target}; $T/buildid -V=full`,
    `${compiled}; $T/buildid p.a; $T/buildid "$IN"/text`,
  ],
  'go-vet': [`${tools}; ${target}; $T/vet -V=full`],
  'go-cover': [
    `${tools}; ${target}; $T/cover -V=full`,
    `${tools}; ${target}; ${source}; $T/cover -mode=set -var=V p.go`,
  ],
};
