import { describe, expect, it } from 'vitest';
import { isUp } from './memory.ts';
import { installEmulator, othersRule, state, watchedHost } from './testing/watched-host.ts';

describe('watchOnce', () => {
  it('says what it watches, proves it, and then is quiet', () => {
    const { register, poll, memory, host } = watchedHost();
    register('arm64', 'riscv64');
    expect(poll()).toEqual(['watching']);
    expect([...memory.proofs.values()].map(({ isProven }) => isProven)).toEqual([true, true]);
    const writes: string[] = [];
    const read = host.files.read.bind(host.files);
    host.files.read = (path) => {
      writes.push(path);
      return read(path);
    };
    for (let round = 0; round < 720; round += 1) expect(poll()).toEqual([]);
    // Nothing but the table: not even the ledger is read.
    expect([...new Set(writes)].every((path) => path.startsWith('/proc/sys/fs/binfmt_misc/'))).toBe(true);
    expect(memory.counters.polls).toBe(721);
  });

  it('brings back what was removed, and what all went at once', () => {
    const { register, poll, control, flush, entries, messages } = watchedHost();
    register('arm64', 'riscv64');
    poll();
    control('qemu-aarch64', '-1');
    expect(poll()).toEqual(['removed aarch64', 'reasserted aarch64']);
    expect(messages()[1]).toMatch(/^registered qemu-aarch64, QEMU 11.1.3 .*, proven/);
    expect(poll()).toEqual([]);
    flush();
    expect(poll(600_000)).toEqual([
      'removed aarch64',
      'removed riscv64',
      'reasserted aarch64',
      'reasserted riscv64',
    ]);
    expect(entries()).toHaveLength(2);
  });

  it('waits for a service that is being restarted, and does not stumble over it', () => {
    const { host, register, poll, control, addEntry, entries } = watchedHost();
    register('arm64');
    poll();
    const text = host.binfmt.table().read('qemu-aarch64');
    control('qemu-aarch64', '-1');
    const sleep = host.clock.sleep.bind(host.clock);
    let isBack = false;
    host.clock.sleep = (ms) => {
      sleep(ms);
      if (isBack) return;
      isBack = true;
      addEntry(
        othersRule
          .replace(':other:', ':qemu-aarch64:')
          .replace('qemu-riscv64', 'qemu-aarch64')
          .replace(':F', ':PF'),
      );
    };
    expect(poll()).toEqual([]);
    expect(host.binfmt.table().read('qemu-aarch64')).toBe(text);
    expect(entries()).toEqual(['qemu-aarch64']);
  });

  it('obeys an administrator who disables an entry, unless it is told not to', () => {
    const { register, poll, control, host, messages, memory } = watchedHost();
    register('arm64');
    poll();
    control('qemu-aarch64', '0');
    expect(poll()).toEqual(['disabled aarch64']);
    expect(messages()[0]).toContain('--enforce');
    expect(poll()).toEqual([]);
    expect(isUp(memory, 'aarch64')).toBe(false);
    expect(host.binfmt.table().read('qemu-aarch64')).toMatch(/^disabled/);
    control('qemu-aarch64', '1');
    expect(poll()).toEqual(['recovered aarch64']);
    control('qemu-aarch64', '0');
    expect(poll(5000, { enforce: true })).toEqual(['disabled aarch64', 'reasserted aarch64']);
    expect(host.binfmt.table().read('qemu-aarch64')).toMatch(/^enabled/);
  });

  it('puts itself before an entry that shadows it, and leaves that one alone', () => {
    const { register, poll, addEntry, entries, messages, memory } = watchedHost();
    register('arm64');
    poll();
    addEntry(othersRule);
    expect(poll()).toEqual(['shadowed aarch64', 'reasserted aarch64']);
    expect(messages()[0]).toMatch(/^other \(\w+\) is newer and takes the programs of qemu-aarch64$/);
    expect(entries()).toContain('other');
    expect(isUp(memory, 'aarch64')).toBe(true);
    expect(poll()).toEqual([]);
  });

  it('does not go on and on against a program that does the same', () => {
    const { register, poll, control, memory } = watchedHost();
    register('arm64', 'riscv64');
    poll();
    let reasserted = 0;
    const heldBack: string[] = [];
    for (let round = 0; round < 720; round += 1) {
      const events = poll();
      reasserted += events.filter((event) => event === 'reasserted aarch64').length;
      heldBack.push(...events.filter((event) => event.startsWith('held-back')));
      if (isUp(memory, 'aarch64')) control('qemu-aarch64', '-1');
    }
    expect(reasserted).toBeGreaterThan(5);
    expect(reasserted).toBeLessThanOrEqual(12);
    expect(new Set(heldBack)).toEqual(new Set(['held-back aarch64']));
    expect(memory.counters.reassertions.get('aarch64')?.get('removed')).toBe(reasserted);
    // Another architecture does not suffer from it.
    control('qemu-riscv64', '-1');
    expect(poll()).toContain('reasserted riscv64');
  });

  it('takes the emulator that has come in the place of the registered one', () => {
    const { host, register, poll } = watchedHost();
    register('arm64');
    poll();
    installEmulator(host, 'aarch64', '11.1.4');
    expect(poll()).toEqual(['emulator-replaced aarch64', 'reasserted aarch64']);
    expect(poll()).toEqual([]);
  });

  it('says that the emulator is gone, once, and takes the next one', () => {
    const { host, register, poll, memory } = watchedHost();
    register('arm64');
    poll();
    host.files.remove('/usr/bin/qemu-aarch64-static');
    expect(poll()).toEqual(['emulator-deleted aarch64', 'failed aarch64']);
    // Pinned.
    expect(isUp(memory, 'aarch64')).toBe(true);
    for (let round = 0; round < 100; round += 1) expect(poll()).toEqual([]);
    const failures = memory.counters.errors.get('ANYARCH_EMULATOR_NOT_FOUND');
    expect(failures).toBeGreaterThan(3);
    expect(failures).toBeLessThan(10);
    installEmulator(host, 'aarch64', '11.1.4');
    expect(poll()).toEqual(['emulator-replaced aarch64', 'reasserted aarch64']);
  });

  it('leaves the switch for everything alone', () => {
    const { host, register, poll, memory, messages, control } = watchedHost();
    register('arm64');
    poll();
    host.files.writeOnce('/proc/sys/fs/binfmt_misc/status', new TextEncoder().encode('0'));
    expect(poll()).toEqual(['table']);
    expect(messages()[0]).toContain('echo 1 > /proc/sys/fs/binfmt_misc/status');
    expect(isUp(memory, 'aarch64')).toBe(false);
    control('qemu-aarch64', '-1');
    expect(poll()).toEqual([]);
    host.files.writeOnce('/proc/sys/fs/binfmt_misc/status', new TextEncoder().encode('1'));
    expect(poll()).toEqual(['recovered', 'removed aarch64', 'reasserted aarch64']);
  });

  it.each(['unmounted', 'autofs'] as const)('mounts the table that is %s', (mount) => {
    const { poll, entries } = watchedHost(['aarch64'], { binfmt: { state: mount } });
    const events = poll(0, { architectures: ['arm64'] });
    expect(events).toContain('reasserted aarch64');
    expect(entries()).toEqual(['qemu-aarch64']);
    expect(poll(5000, { architectures: ['arm64'] })).toEqual([]);
  });

  it('says once that the kernel has no binfmt_misc', () => {
    const { poll, memory } = watchedHost(['aarch64'], { binfmt: { state: 'unsupported' } });
    expect(poll(0, { architectures: ['arm64'] })).toEqual(['watching', 'table', 'failed aarch64']);
    for (let round = 0; round < 50; round += 1) expect(poll(5000, { architectures: ['arm64'] })).toEqual([]);
    expect(memory.counters.errors.get('ANYARCH_BINFMT_UNSUPPORTED')).toBeGreaterThan(1);
  });

  it('finds what is there and does not work', () => {
    const { host, register, poll, messages, memory } = watchedHost();
    register('arm64');
    const probing = { probeIntervalMs: 60_000 };
    expect(poll(0, probing)).toEqual(['watching']);
    host.executor.addProgram(host.files.read('/usr/bin/qemu-aarch64-static'), () => ({
      kind: 'exited',
      code: 1,
    }));
    expect(poll(30_000, probing)).toEqual([]);
    expect(poll(30_000, probing)).toEqual(['broken aarch64']);
    expect(messages()[0]).toContain('; next: ');
    expect(isUp(memory, 'aarch64')).toBe(false);
    expect(poll(60_000, probing)).toEqual([]);
    host.executor.addProgram(host.files.read('/usr/bin/qemu-aarch64-static'), () => ({
      kind: 'exited',
      code: 42,
    }));
    expect(poll(60_000, probing)).toEqual(['recovered aarch64']);
  });

  it('goes on after a damaged ledger, and says so once', () => {
    const { host, register, poll, control, memory } = watchedHost();
    register('arm64');
    poll();
    const path = `${state}/registrations.json`;
    const good = host.files.read(path);
    host.files.addFile(path, '{');
    expect(poll()).toEqual(['failed']);
    for (let round = 0; round < 20; round += 1) expect(poll()).toEqual([]);
    // At once, and after 10, 30 and 70 s of the 100.
    expect(memory.counters.errors.get('ANYARCH_LEDGER_INVALID')).toBe(4);
    host.files.addFile(path, good);
    control('qemu-aarch64', '-1');
    expect(poll()).toEqual(['removed aarch64', 'reasserted aarch64']);
  });

  it('changes nothing in a dry run', () => {
    const { host, register, poll, control, entries } = watchedHost();
    register('arm64');
    control('qemu-aarch64', '-1');
    const ledger = host.files.read(`${state}/registrations.json`);
    expect(poll(0, { dryRun: true })).toEqual(['watching', 'removed aarch64', 'would-reassert aarch64']);
    expect(poll(5000, { dryRun: true })).toEqual([]);
    expect(entries()).toEqual([]);
    expect(host.files.read(`${state}/registrations.json`)).toEqual(ledger);
  });

  it('is not confused by a wall clock that jumps', () => {
    const { host, register, poll, control } = watchedHost();
    register('arm64');
    poll();
    const now = host.clock.now.bind(host.clock);
    host.clock.now = () => now() - 10 * 365 * 86_400_000;
    control('qemu-aarch64', '-1');
    expect(poll()).toEqual(['removed aarch64', 'reasserted aarch64']);
    expect(poll()).toEqual([]);
  });
});
