import { describe, expect, it } from 'vitest';
import { debianEnginePackages } from './engine-setup.ts';

describe('the packages of an image with an engine', () => {
  it.each([
    ['docker', 'trixie', true],
    ['docker', 'sid', true],
    ['docker', 'bookworm', false],
    ['docker', 'oldstable', false],
    ['podman', 'trixie', false],
  ] as const)("have docker's client apart: %s of %s, %s", (engine, suite, hasClient) => {
    const packages = debianEnginePackages(engine, suite);
    expect(packages[0]).toBe(engine === 'docker' ? 'docker.io' : 'podman');
    expect(packages.includes('docker-cli')).toBe(hasClient);
  });
});
