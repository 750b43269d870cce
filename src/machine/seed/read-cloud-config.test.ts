import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnyarchError } from '../../core/error.ts';
import { readCloudConfig } from './read-cloud-config.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (yaml: string) => readCloudConfig(bytes(`#cloud-config\n${yaml}`), 'my.yaml');

describe('readCloudConfig', () => {
  it('reads YAML as cloud-init does: version 1.1', () => {
    expect(read('a: on\nb: 0644\nc: "0644"\nd: !!binary aGk=\ne: [x, &y z, *y]\n')).toEqual({
      a: true,
      b: 0o644,
      c: '0644',
      d: Buffer.from('hi'),
      e: ['x', 'z', 'z'],
    });
  });

  it('takes an empty document', () => {
    expect(read('')).toEqual({});
    expect(read('# nothing\n')).toEqual({});
  });

  it.each([
    ['no header', 'packages: [jq]\n'],
    ['a script', '#!/bin/sh\ntrue\n'],
    ['a template', '## template: jinja\n#cloud-config\n'],
    ['an include', '#include\nhttp://a/\n'],
    ['several parts', 'Content-Type: multipart/mixed\n'],
    ['binary data', '#cloud-config\n\u0000\n'],
    ['a header that only begins so', '#cloud-config-archive\n- a\n'],
  ])('refuses %s', (_, text) => {
    expect(() => readCloudConfig(bytes(text), 'my.yaml')).toThrowWithCode('ANYARCH_SEED_INVALID');
  });

  it('refuses what is compressed or no UTF-8, and what is huge', () => {
    expect(() => readCloudConfig(Uint8Array.of(0x1f, 0x8b, 8, 0), 'a.gz')).toThrowWithCode(
      'ANYARCH_SEED_INVALID',
    );
    expect(() => read(`a: ${'x'.repeat(1 << 20)}`)).toThrowWithCode('ANYARCH_SEED_INVALID');
  });

  it.each([
    ['a key given twice', 'packages: [a]\npackages: [b]\n'],
    ['a list at the top', '- a\n'],
    ['a text at the top', 'hello\n'],
    ['broken YAML', 'a: [b\nc: d: e\n'],
    ['two documents', 'a: 1\n---\nb: 2\n'],
    ['tags of programs', 'a: !!python/object/apply:os.system [id]\n'],
    ['nesting without end', `a: ${'['.repeat(5000)}${']'.repeat(5000)}\n`],
    ['deep nesting', `a: ${'['.repeat(60)}${']'.repeat(60)}\n`],
    ['an alias of nothing', 'a: *b\n'],
    ['an alias of itself', 'a: &b [*b]\n'],
    ['a flood of aliases', flood()],
    ['users that are no list', 'users: default\n'],
    ['a user without a name', 'users: [{uid: 5}]\n'],
    ['keys of a user that are no list', 'users: [{name: a, ssh_authorized_keys: x}]\n'],
    ['a package list that is a text', 'packages: jq\n'],
    ['commands that are mappings', 'runcmd: [{a: b}]\n'],
    ['files that are texts', 'write_files: [/etc/passwd]\n'],
    ['keys that are a list', 'ssh_keys: [a]\n'],
    ['another source than the seed', 'datasource_list: [None]\n'],
    ['modules that are left out', 'cloud_init_modules: []\n'],
    ['keys that are left out', 'allow_public_ssh_keys: false\n'],
  ])('refuses %s', (_, yaml) => {
    expect(() => read(yaml)).toThrowWithCode('ANYARCH_SEED_INVALID');
  });

  it('does not let a document reach into objects', () => {
    const config = read('__proto__: {polluted: 1}\nconstructor: {prototype: {polluted: 1}}\n');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(Object.getPrototypeOf(config)).toBe(Object.prototype);
  });

  it('gives a document or a coded error for any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json(), yamlLike), (text) => {
        expect(outcome(() => read(text))).not.toBeInstanceOf(TypeError);
      }),
    );
  });
});

const yamlLike = fc
  .array(
    fc.constantFrom(
      'a: ',
      '- ',
      '&x ',
      '*x',
      '[',
      ']',
      '{',
      '}',
      '\n',
      '  ',
      '<<: ',
      '"',
      '? ',
      '!!set',
      '1:2',
    ),
    {
      maxLength: 30,
    },
  )
  .map((tokens) => tokens.join(''));

/** What is neither a document nor a coded error, is a TypeError. */
function outcome(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error instanceof AnyarchError ? error : new TypeError('no coded error', { cause: error });
  }
}

/** Each line names the one before nine times: a billion texts, were they written out. */
function flood(): string {
  const lines = Array.from({ length: 9 }, (_, level) => {
    const items = new Array<string>(9).fill(level === 0 ? 'lol' : `*l${level - 1}`).join(', ');
    return `l${level}: &l${level} [${items}]`;
  });
  return `${lines.join('\n')}\n`;
}
