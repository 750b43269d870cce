import type { RecipeConditions } from '../../core/recipe/recipe.ts';
import { goLines } from '../self-test/lines/go.ts';
import type { Tool } from '../tool.ts';

/**
 * Go's own tools are cross compilers: what they write depends on GOOS, GOARCH and its variants, which `go` always sets for them
 * (src/cmd/go/main.go: "Set environment (GOOS, GOARCH, etc) explicitly"). Without, their default is what they run on: emulated then.
 */
const rules: RecipeConditions = { needenv: ['GOARCH', 'GOOS'] };

const names = ['compile', 'link', 'asm', 'cgo', 'pack', 'buildid', 'vet', 'cover'];

export const go: readonly Tool[] = names.map((name) => ({
  group: 'go',
  name: `go-${name}`,
  guest: { package: 'golang-{go}-go', path: `usr/lib/go-{go}/pkg/tool/linux_{goarch}/${name}` },
  host: { package: 'golang-{go}-go', path: `usr/lib/go-{go}/pkg/tool/linux_{hostgoarch}/${name}` },
  listed: 'care',
  reason:
    'a cross compiler that takes its target from GOARCH and says the same version, by which `go` caches; `go` itself stays emulated',
  rules,
  selfTest: goLines[`go-${name}`] ?? [],
}));
