import { afterEach, describe, expect, it } from 'vitest';
import { CLONE_NEWNS, MS_PRIVATE, MS_REC } from '../../src/core/launcher/constants.ts';
import { binfmtMiscPath } from '../../src/host/node/node-binfmt.ts';
import { nodeHost } from '../../src/host/node/node-host.ts';
import { errnoThrownBy } from '../contract/errno.ts';
import { startHolder } from '../support/holder.ts';
import type { Holder } from '../support/holder.ts';
import { nativeProgram } from '../support/native-program.ts';
import { openPrivateTable } from '../support/private-table.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const closing: Holder[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((holder) => holder.close()));
});

describe('BinfmtMisc', () => {
  it('mounts a table, which then is in force', async () => {
    const inside = await openPrivateTable({ mounted: false });
    closing.push(inside);
    const { binfmt, executor, files } = inside.host;
    expect(binfmt.state()).toBe('unmounted');
    binfmt.mount();
    expect(binfmt.state()).toBe('mounted');
    expect(binfmt.table().list()).toEqual([]);

    const directory = temporaryDirectory('mount');
    files.writeAtomic(`${directory}/file`, new TextEncoder().encode('abc'), 0o755);
    files.writeAtomic(`${directory}/i`, nativeProgram(9), 0o755);
    expect(executor.execute(`${directory}/file`)).toEqual({ kind: 'refused', errno: 'ENOEXEC' });
    binfmt.table().register(new TextEncoder().encode(`:abc:M::abc::${directory}/i:`));
    expect(executor.execute(`${directory}/file`)).toEqual({ kind: 'exited', code: 9 });
    expect(nodeHost().binfmt.table().list()).not.toContain('abc');
  });

  it('says why it cannot mount', async () => {
    // A mount namespace whose user namespace is not the one that the process is root in.
    const inside = await openPrivateTable();
    await inside.close();
    expect(
      errnoThrownBy(() => {
        inside.host.binfmt.mount();
      }),
    ).toBe('ENOENT');
    expect(inside.host.binfmt.state()).toBe('unsupported');
  });
});

/** autofs can be mounted by the real root only. */
describe.skipIf(process.getuid?.() !== 0)('BinfmtMisc on an automount point that nobody has touched', () => {
  it('is recognised without touching it', async () => {
    const pipe = new Uint8Array(8);
    const automount = await startHolder([
      { call: 'unshare', arguments: [CLONE_NEWNS] },
      { call: 'mount', arguments: ['none', '/', 0, MS_REC | MS_PRIVATE, 0] },
      // Descriptors 4 and 5: 0 to 3 are taken. Requests would come out of 4; nobody reads them.
      { call: 'pipe2', arguments: [pipe, 0] },
      {
        call: 'mount',
        arguments: ['automount', binfmtMiscPath, 'autofs', 0, 'fd=5,minproto=5,maxproto=5,direct'],
      },
    ]);
    closing.push(automount);
    const { binfmt, processes } = nodeHost({ inside: automount.pid });
    expect(binfmt.state()).toBe('autofs');
    // The twin: what touches it waits for an answer.
    expect(processes.run(['stat', '-f', binfmt.path], { timeoutMs: 300 })).toMatchObject({ timedOut: true });
    expect(processes.run(['ls', binfmt.path], { timeoutMs: 300 })).toMatchObject({ timedOut: true });
  });
});
