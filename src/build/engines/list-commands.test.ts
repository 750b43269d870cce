import { expect, it } from 'vitest';
import { parsePlatform } from '../../core/platform.ts';
import { isOfPlatform, readPlatform } from './inspect-image.ts';
import { removeImage, saveImage, tagImage } from './image-commands.ts';
import { addToList, pushList, takeName } from './list-commands.ts';

const id = `sha256:${'a'.repeat(64)}`;

it('adds an image by its identifier, with the platform that was asked for', () => {
  expect(addToList('buildah', 'list', id, parsePlatform('arm/v7')).join(' ')).toBe(
    `buildah manifest add --os linux --arch arm --variant v7 list containers-storage:${'a'.repeat(64)}`,
  );
});

it('pushes all platforms', () => {
  const words = { authfile: '/auth', insecure: true };
  expect(pushList('podman', 'list', 'docker://r/app:1', words).join(' ')).toBe(
    'podman manifest push --all --format oci --authfile /auth --tls-verify=false list docker://r/app:1',
  );
});

it('takes a name away as each engine does it', () => {
  expect(takeName('podman', 'l')).toEqual(['podman', 'manifest', 'rm', 'l']);
  expect(takeName('buildah', 'l')).toEqual(['buildah', 'rmi', 'l']);
});

it('saves, names and removes by identifier', () => {
  expect(saveImage({ name: 'buildah' }, id, '/f').slice(-2)).toEqual(['a'.repeat(64), 'docker-archive:/f']);
  expect(saveImage({ name: 'docker' }, id, '/f')).toEqual(['docker', 'image', 'save', '--output', '/f', id]);
  expect(tagImage({ name: 'docker-buildx' }, id, 'app:1-arm64').at(0)).toBe('docker');
  expect(removeImage({ name: 'podman' }, id)).toEqual(['podman', 'rmi', 'a'.repeat(64)]);
});

it("reads an image's platform from what each engine prints", () => {
  const printed = '[{"Os":"linux","Architecture":"arm","Variant":"v7"}]';
  expect(readPlatform({ name: 'docker' }, printed)).toEqual({
    os: 'linux',
    architecture: 'arm',
    variant: 'v7',
  });
  expect(readPlatform({ name: 'buildah' }, '{"OCIv1":{"os":"linux","architecture":"s390x"}}')).toEqual({
    os: 'linux',
    architecture: 's390x',
  });
  expect(() => readPlatform({ name: 'podman' }, '[]')).toThrowWithCode('ANYARCH_ENGINE_FAILED');
});

it('lets a missing variant pass, and no other one', () => {
  const wanted = parsePlatform('arm/v7');
  expect(isOfPlatform({ os: 'linux', architecture: 'arm' }, wanted)).toBe(true);
  expect(isOfPlatform({ os: 'linux', architecture: 'arm', variant: 'v6' }, wanted)).toBe(false);
  expect(isOfPlatform({ os: 'linux', architecture: 'arm64' }, wanted)).toBe(false);
});
