import { describe, expect, it } from 'vitest';
import { containerReference, isContainerReference } from './container-reference.ts';

const layouts = (...paths: readonly string[]) => ({
  status: (path: string) => (paths.includes(path) ? ({ kind: 'file' } as never) : undefined),
});

describe('isContainerReference', () => {
  it.each([
    'oci:debian',
    'oci:./layout:tag',
    'docker://debian',
    'oci-archive:x.oci',
    'docker-archive:x.tar',
    'containers-storage:localhost/x',
    'docker-daemon:x:latest',
  ])('takes %s for an image of containers', (text) => {
    expect(isContainerReference(text)).toBe(true);
  });

  it.each(['debian', 'debian:trixie', 'disk.qcow2', './oci:x', '/oci:x', 'https://x/oci:y', 'docker:x', ''])(
    'takes %j for a disk',
    (text) => {
      expect(isContainerReference(text)).toBe(false);
    },
  );
});

describe('containerReference', () => {
  it('means the layout where there is one of that name', () => {
    const files = layouts('/home/me/here/oci-layout');
    expect(containerReference('oci:here', files, '/home/me')).toBe('oci:here');
    expect(containerReference('oci:here:tag', files, '/home/me')).toBe('oci:here:tag');
    expect(containerReference('oci:/home/me/here', files, '/elsewhere')).toBe('oci:/home/me/here');
  });

  it("means an engine's or a registry's image where there is none", () => {
    const files = layouts('/home/me/here/oci-layout');
    expect(containerReference('oci:debian:trixie', files, '/home/me')).toBe('debian:trixie');
    expect(containerReference('oci:here', files, '/elsewhere')).toBe('here');
  });

  it('leaves other spellings as they are', () => {
    expect(containerReference('docker-archive:x.tar', layouts('/x.tar/oci-layout'), '/')).toBe(
      'docker-archive:x.tar',
    );
  });
});
