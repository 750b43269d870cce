import { describe, expect, it } from 'vitest';
import { buildProbe } from '../core/probe/probe.ts';
import { fakeHost } from '../host/testing/index.ts';
import { detectArchitecture } from './detect-architecture.ts';

describe('detectArchitecture', () => {
  it.each([
    ['a busybox', 'bin/busybox', undefined],
    ['a link inside the root, absolute as the guest sees it', 'usr/bin/dash', ['bin/sh', '/usr/bin/dash']],
    ['a relative link', 'usr/bin/dash', ['bin/sh', '../usr/bin/dash']],
    ['a merged /usr', 'usr/bin/env', ['bin', 'usr/bin']],
  ] as const)('finds %s', (_what, program, link) => {
    const host = fakeHost();
    host.files.addFile(`/guest/${program}`, buildProbe('s390x', 0));
    if (link !== undefined) host.files.addLink(`/guest/${link[0]}`, link[1]);
    expect(detectArchitecture(host.files, '/guest').name).toBe('s390x');
  });

  it("does not follow a guest's links out to the host's programs", () => {
    const host = fakeHost();
    host.files.addFile('/usr/bin/dash', buildProbe('x86_64', 0));
    host.files.addLink('/guest/bin/sh', '/usr/bin/dash');
    host.files.addLink('/guest/usr/bin/env', '../../../../usr/bin/dash');
    host.files.addLink('/guest/bin/bash', 'bash');
    expect(() => detectArchitecture(host.files, '/guest')).toThrowWithCode('ANYARCH_USAGE');
  });
});
