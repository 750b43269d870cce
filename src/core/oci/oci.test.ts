import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnyarchError } from '../error.ts';
import { formatCanonicalJson, type Json } from './canonical-json.ts';
import { parseDigest } from './digest.ts';
import { parseImageConfig } from './image-config.ts';
import { formatImagePlatform, imagePlatform } from './image-platform.ts';
import { checkLayoutMarker, layoutMarker } from './layout.ts';
import { isIndex, parseIndex, parseManifest, parseManifestOrIndex } from './manifest.ts';
import { compressionOf, layerMediaType, mediaTypes } from './media-types.ts';
import { parsePlatform } from '../platform.ts';

const digest = `sha256:${'0a'.repeat(32)}`;
const descriptor = { mediaType: mediaTypes.manifest, digest, size: 7 };
const manifest = { schemaVersion: 2, config: descriptor, layers: [descriptor] };

describe('canonical JSON', () => {
  it('has one text for a value, whatever the order of its keys', () => {
    expect(formatCanonicalJson({ b: [1, 'ä\n', null], a: { d: true, c: undefined } })).toBe(
      '{"a":{"d":true},"b":[1,"ä\\n",null]}',
    );
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const turned = Object.fromEntries(Object.entries(value).reverse());
        expect(formatCanonicalJson(turned as Json)).toBe(formatCanonicalJson(value as Json));
        expect(JSON.parse(formatCanonicalJson(value as Json))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('refuses numbers that JSON cannot say', () => {
    expect(() => formatCanonicalJson([Number.NaN])).toThrow('NaN');
  });
});

describe('manifests and indices', () => {
  it('reads what it knows and names the document where it is wrong', () => {
    const read = parseManifest(
      JSON.stringify({ ...manifest, subject: descriptor, annotations: { a: 'b' } }),
      'M',
    );
    expect(read).toEqual({
      schemaVersion: 2,
      mediaType: mediaTypes.manifest,
      config: descriptor,
      layers: [descriptor],
      subject: descriptor,
      annotations: { a: 'b' },
    });
    const damaged = { ...manifest, layers: [{ ...descriptor, size: -1 }] };
    expect(() => parseManifest(JSON.stringify(damaged), 'M')).toThrowWithCode('ANYARCH_IMAGE_INVALID');
    expect(() => parseManifest(JSON.stringify(damaged), 'M')).toThrow(/^M: layers\[0\] .* size/);
  });

  it('tells the two apart, and refuses a document that is both', () => {
    const index = { schemaVersion: 2, manifests: [{ ...descriptor, platform: parsePlatform('arm') }] };
    expect(isIndex(parseManifestOrIndex(JSON.stringify(index), 'I'))).toBe(true);
    expect(isIndex(parseManifestOrIndex(JSON.stringify(manifest), 'M'))).toBe(false);
    expect(parseIndex(JSON.stringify(index), 'I').manifests[0]?.platform).toEqual({
      os: 'linux',
      architecture: 'arm',
      variant: 'v7',
    });
    for (const parse of [parseManifest, parseIndex, parseManifestOrIndex])
      expect(() => parse(JSON.stringify({ ...manifest, ...index }), 'B')).toThrowWithCode(
        'ANYARCH_IMAGE_INVALID',
      );
  });

  it('never throws anything uncoded', () => {
    const parsers = [parseManifest, parseIndex, parseManifestOrIndex, parseImageConfig, checkLayoutMarker];
    fc.assert(
      fc.property(fc.constantFrom(...parsers), fc.oneof(fc.json(), fc.string()), (parse, text) => {
        expect(['ANYARCH_IMAGE_INVALID', 'none']).toContain(codeThrownBy(parse, text));
      }),
    );
  });
});

describe('configurations', () => {
  it('reads what Go programs write, with nulls for what is empty', () => {
    const config = parseImageConfig(
      JSON.stringify({
        architecture: 'arm',
        os: 'linux',
        variant: 'v7',
        config: { Cmd: null, Entrypoint: ['/bin/x'], Env: ['A=b'], Labels: null, User: '' },
        rootfs: { type: 'layers', diff_ids: [digest] },
        history: [{ created_by: 'x', empty_layer: true }],
      }),
      'C',
    );
    expect(config).toEqual({
      architecture: 'arm',
      os: 'linux',
      variant: 'v7',
      config: { Entrypoint: ['/bin/x'], Env: ['A=b'] },
      rootfs: { type: 'layers', diff_ids: [digest] },
      history: [{ created_by: 'x', empty_layer: true }],
    });
  });
});

it('names media types both ways', () => {
  for (const compression of ['none', 'gzip', 'zstd'] as const)
    expect(compressionOf(layerMediaType(compression))).toBe(compression);
  expect(compressionOf(mediaTypes.config)).toBeUndefined();
});

it('writes platforms as containerd does', () => {
  expect(formatImagePlatform(imagePlatform(parsePlatform('linux/arm')))).toBe('linux/arm/v7');
  expect(formatImagePlatform(imagePlatform(parsePlatform('aarch64')))).toBe('linux/arm64');
});

it('takes only whole lower-case digests', () => {
  expect(parseDigest(digest)).toBe(digest);
  for (const wrong of [digest.toUpperCase(), `${digest}0`, digest.slice(7), `${digest}\n`, '../../x'])
    expect(() => parseDigest(wrong)).toThrowWithCode('ANYARCH_IMAGE_INVALID');
  expect(() => {
    checkLayoutMarker(layoutMarker.replace('1.0.0', '2.0.0'), 'oci-layout');
  }).toThrowWithCode('ANYARCH_IMAGE_INVALID');
});

function codeThrownBy(parse: (text: string, place: string) => unknown, text: string): unknown {
  try {
    parse(text, 'X');
    return 'none';
  } catch (error) {
    return error instanceof AnyarchError ? error.code : error;
  }
}
