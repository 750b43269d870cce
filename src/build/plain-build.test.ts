import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { BuildEngine, BuildEngineName } from './engines/engine.ts';
import { plainRequest, removeTemporary, requireSeparable, temporaryOf } from './plain-build.ts';
import { emptyRequest } from './testing/request.ts';

const engine = (name: BuildEngineName, remote = false): BuildEngine => {
  return { name, version: '1', rootless: false, remote };
};

describe('a build without acceleration', () => {
  it('takes nothing from any cache, and leaves nothing in one', () => {
    const request = { ...emptyRequest, cacheFrom: ['a'], cacheTo: ['b'], pull: true };
    expect(plainRequest(engine('podman'), request)).toEqual({ ...emptyRequest, noCache: true });
  });

  it.each<BuildEngineName>(['docker', 'docker-buildx'])('has cache mounts of its own in %s', (name) => {
    const request = { ...emptyRequest, buildArgs: ['BUILDKIT_CACHE_MOUNT_NS=mine'] };
    const [first, second] = [plainRequest(engine(name), request), plainRequest(engine(name), request)];
    expect(first.buildArgs.at(-1)).toMatch(/^BUILDKIT_CACHE_MOUNT_NS=anyarch-[0-9a-f]{16}$/);
    expect(first.buildArgs.at(-1)).not.toBe(second.buildArgs.at(-1));
  });

  it('has cache mounts of its own in podman and buildah, by a directory that does not stay', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'anyarch-plain-'));
    try {
      const temporary = temporaryOf(engine('buildah'), join(directory, '0.id'))!;
      writeFileSync(join(temporary, 'file'), '');
      await removeTemporary(engine('buildah'), temporary);
      expect(existsSync(temporary)).toBe(false);
      expect(temporaryOf(engine('docker'), join(directory, '1.id'))).toBeUndefined();
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

describe('builds that cannot be told apart', () => {
  const check = (one: BuildEngine, ownOptions: readonly string[], dockerfile = 'FROM scratch\n') => {
    requireSeparable(one, { ...emptyRequest, ownOptions }, dockerfile);
  };

  it.each([['-v', '/c:/c'], ['--volume=/c:/c:rw,z'], ['-v/c:/c'], ['--squash', '--volume', '/c:/c']])(
    'have a volume that both write to: %s %s',
    (...words) => {
      expect(() => {
        check(engine('podman'), words);
      }).toThrowWithCode('ANYARCH_USAGE');
    },
  );

  it('may have one that keeps nothing', () => {
    expect(() => {
      check(engine('podman'), ['-v', '/c:/c:ro,z', '--volume=/d:/d:O']);
    }).not.toThrow();
  });

  it('are on another machine, or read by a frontend that nobody knows', () => {
    const own = '# syntax=example.org/frontend:1\nFROM scratch\n';
    expect(() => {
      check(engine('podman', true), []);
    }).toThrowWithCode('ANYARCH_USAGE');
    expect(() => {
      check(engine('docker'), [], own);
    }).toThrowWithCode('ANYARCH_USAGE');
    check(engine('podman'), [], own);
    check(engine('docker'), [], '# syntax=docker/dockerfile:1\nFROM scratch\n');
    check(engine('docker'), [], '# syntax = docker.io/docker/dockerfile@sha256:1\nFROM scratch\n');
  });
});
