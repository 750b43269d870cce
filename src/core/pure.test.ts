import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';
import ts from 'typescript';
import { expect, it } from 'vitest';

/** Evaluates core's modules in an empty realm; the only thing that they can reach is each other. */
function loadCore(): (script: string) => unknown {
  const realm = createContext(Object.create(null) as object);
  const loaded = new Map<string, object>();
  const load = (name: string): object => {
    const known = loaded.get(name);
    if (known !== undefined) return known;
    const source = readFileSync(new URL(name, import.meta.url), 'utf8');
    const options = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
    const { outputText } = ts.transpileModule(source, { compilerOptions: options });
    const exports = {};
    loaded.set(name, exports);
    const evaluate = runInContext(`(function (exports, require) {${outputText}\n})`, realm) as Evaluate;
    evaluate(exports, load);
    return exports;
  };
  type Evaluate = (exports: object, require: (name: string) => object) => void;
  const core = load('./index.ts');
  return (script) =>
    (runInContext(`(function (core) {${script}})`, realm) as (core: object) => unknown)(core);
}

it('runs where there is nothing but the language: no process, Buffer, TextEncoder, timers', () => {
  const inCore = loadCore();
  const result = inCore(`
    const rule = { ...core.findArchitecture('linux/arm/v7'), kind: 'magic', interpreter: '/usr/bin/qemu-ärm', flags: core.parseFlags('FP') };
    const entry = { ...core.parseRule(core.formatRule(rule)), enabled: true };
    const text = core.formatEntry(core.parseEntry('arm', core.formatEntry(entry)));
    const { winner } = core.explainMatch({ header: rule.magic, fileName: '/x' }, { enabled: true, entries: [entry] });
    let code;
    try { core.readElf(core.bytesSource(rule.magic)); } catch (error) { code = error.code; }
    const globals = [typeof process, typeof Buffer, typeof TextEncoder, typeof setTimeout];
    return JSON.stringify({ text, winner: winner.name, code, globals });`);
  expect(JSON.parse(String(result))).toEqual({
    text: expect.stringContaining('/usr/bin/qemu-ärm\nflags: PF\noffset 0\nmagic 7f454c46') as string,
    winner: 'arm',
    code: 'ANYARCH_ELF_INVALID',
    globals: ['undefined', 'undefined', 'undefined', 'undefined'],
  });
});
