import { beforeEach, describe, expect, it } from 'vitest';
import { digestOfHex } from '../core/oci/digest.ts';
import { fakeHost, type FakeHost } from '../host/testing/index.ts';
import type { ImageDocument } from './document.ts';
import { namedImages } from './list.ts';

const state = '/state';
const hex = (start: string) => start.padEnd(64, '0');
const path = (tree: string) => `${state}/images/${hex(tree)}`;
let host: FakeHost;

beforeEach(() => {
  host = fakeHost();
  add('abcdef1', 'beef001', 'one:1');
  add('abcdef2', 'beef002', 'two:1');
  // The same image with other owners.
  add('1234567', 'beef002', 'two:1');
  add('7654321', 'beef003', 'abcdef');
});

function add(tree: string, image: string, reference: string): void {
  const described = {
    digest: digestOfHex(hex(image)),
    references: [reference],
    platform: { os: 'linux', architecture: 'arm64' },
    config: '{}',
  };
  const document: ImageDocument = {
    schema: 1,
    digest: digestOfHex(hex(tree)),
    ids: 'single',
    at: '2026-01-01T00:00:00.000Z',
    diffIds: [],
    size: 1,
    entries: 1,
    deviceNodes: 0,
    xattrsLeftOut: 0,
    listing: hex(''),
    images: [described],
  };
  host.files.addFile(`${path(tree)}/image.json`, JSON.stringify(document));
  host.files.addFile(`${path(tree)}/in-use`, '');
  host.files.addFile(`${path(tree)}/tree/file`, '');
}

const named = (name: string) => namedImages(host, state, name).map(({ directory }) => directory);

describe('namedImages', () => {
  it.each<[string, string[]]>([
    ['one:1', ['abcdef1']],
    ['two:1', ['1234567', 'abcdef2']],
    // A name comes before the beginning of a digest.
    ['abcdef', ['7654321']],
    ['abcdef1', ['abcdef1']],
    ['sha256:abcdef2', ['abcdef2']],
    ['beef002', ['1234567', 'abcdef2']],
  ])('%s means %j', (name, trees) => {
    expect(named(name)).toEqual(trees.map(path));
  });

  it.each([
    ['sha256:abcdef', 'ANYARCH_USAGE'],
    ['beef00', 'ANYARCH_USAGE'],
    ['abcde', 'ANYARCH_IMAGE_NOT_STORED'],
    ['one', 'ANYARCH_IMAGE_NOT_STORED'],
  ] as const)('refuses %s', (name, code) => {
    expect(() => named(name)).toThrowWithCode(code);
  });
});
