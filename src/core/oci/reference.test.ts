import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnyarchError } from '../error.ts';
import { formatReference, parseReference, withDefaultTag } from './reference.ts';

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
const full = (text: string) => formatReference(withDefaultTag(parseReference(text)));

describe('parseReference', () => {
  it.each([
    ['debian', 'docker.io/library/debian:latest'],
    ['debian:stable', 'docker.io/library/debian:stable'],
    ['team/image', 'docker.io/team/image:latest'],
    ['docker.io/debian', 'docker.io/library/debian:latest'],
    ['index.docker.io/debian', 'docker.io/library/debian:latest'],
    ['localhost/image', 'localhost/image:latest'],
    ['localhost:5000/image', 'localhost:5000/image:latest'],
    ['registry.example/a/b/c:1.0-x_y', 'registry.example/a/b/c:1.0-x_y'],
    ['Registry/image', 'Registry/image:latest'],
    ['127.0.0.1:5000/a', '127.0.0.1:5000/a:latest'],
    ['[::1]:5000/a', '[::1]:5000/a:latest'],
    [`image@${digest}`, `docker.io/library/image@${digest}`],
    [`h:1/a:tag@${digest}`, `h:1/a:tag@${digest}`],
    ['a--b__c.d', 'docker.io/library/a--b__c.d:latest'],
    ['host:5000', 'docker.io/library/host:5000'],
  ])('%s is %s', (text, expected) => {
    expect(full(text)).toBe(expected);
  });

  it.each([
    '',
    ':tag',
    '@',
    `@${digest}`,
    'Image',
    'team/Image',
    'a//b',
    '/a',
    'a/',
    'a___b',
    'a..b',
    '-a/b',
    'a:',
    'a:.tag',
    'a:-tag',
    'a b',
    'a:tag:tag',
    'a@sha256:12',
    `a@sha256:${'A'.repeat(64)}`,
    `a@sha512:${'a'.repeat(128)}`,
    `a@${digest}@${digest}`,
    'http://registry.example/a',
    'host:port/a',
    'host_name.x/a',
    '::1/a',
    '../a',
    `a:${'t'.repeat(129)}`,
    'a/'.repeat(130) + 'a',
    'a'.repeat(64),
    'a\n',
    'a:t\u0000',
  ])('refuses %j', (text) => {
    expect(() => parseReference(text)).toThrowWithCode('ANYARCH_REFERENCE_INVALID');
  });

  it('says how a name with capitals is written', () => {
    const parse = () => parseReference('team/Image:X');
    expect(parse).toThrow(/upper-case/);
    expect(parse).toThrow(expect.objectContaining({ hint: 'did you mean team/image:x?' }) as Error);
  });

  it('reads what it writes', () => {
    const component = fc.stringMatching(/^[a-z0-9]{1,8}((\.|_|__|-{1,3})[a-z0-9]{1,8}){0,2}$/);
    const registry = fc.oneof(
      fc.constant('localhost'),
      fc
        .stringMatching(/^[a-z0-9]{1,8}\.[a-z]{2,5}(:[0-9]{1,5})?$/)
        .filter((text) => !text.endsWith('docker.io')),
      fc.stringMatching(/^[a-z0-9]{1,8}:[0-9]{1,5}$/),
    );
    fc.assert(
      fc.property(
        registry,
        fc.array(component, { minLength: 1, maxLength: 4 }),
        fc.option(fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}$/), { nil: undefined }),
        fc.boolean(),
        (host, components, tag, hasDigest) => {
          const reference = {
            registry: host,
            repository: components.join('/'),
            tag,
            digest: hasDigest ? (digest as `sha256:${string}`) : undefined,
          };
          expect(parseReference(formatReference(reference))).toEqual(reference);
        },
      ),
    );
  });

  it('normalises once: the result means itself, and nothing fails in another way', () => {
    const words = fc.oneof(
      fc.string({ maxLength: 30 }),
      fc
        .array(fc.constantFrom('a', 'B', '.', ':', '/', '@', '-', '_', '1', '[', ']', digest, 'localhost'), {
          maxLength: 9,
        })
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(words, (text) => {
        let once: string;
        try {
          once = full(text);
        } catch (error) {
          if (error instanceof AnyarchError) return;
          throw error;
        }
        expect(full(once)).toBe(once);
      }),
      { numRuns: 2000 },
    );
  });
});
