import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { anyarch } from '../support/engines/cli.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { guestRootCopy } from '../support/guest-roots/guest-root.ts';

describeWith([needs.root, needs.qemu, needs.apt], "a root of Debian's packages", () => {
  let root: string;

  beforeAll(async () => {
    root = await guestRootCopy('dev');
  });

  it('runs, as configured as its programs need it', async () => {
    const script =
      'set -e; echo "int main(void) { return 7; }" > /tmp/a.c; cc -o /tmp/a /tmp/a.c; /tmp/a || echo $?; awk "BEGIN { print 1 + 1 }"';
    const words = ['run', '--plain', '--no-fetch', '--rootfs', root, '--', 'sh', '-c', script];
    const ran = await anyarch(words);
    expect(ran).toMatchObject({ exitCode: 0, stdout: '7\n2\n', stderr: '' });
  });

  it('says which packages it has', () => {
    const status = readFileSync(join(root, 'var/lib/dpkg/status'), 'utf8');
    expect(status).toMatch(/^Package: gcc-14\nStatus: install ok installed\n(.+\n)*Version: 14\./m);
  });
});
