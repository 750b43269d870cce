import { describe, expect, it } from 'vitest';
import { unregister } from '../registration/index.ts';
import { state, watchedHost } from './testing/watched-host.ts';

describe('what a watch keeps up', () => {
  it('takes notice of what is registered and unregistered meanwhile', () => {
    const { host, register, poll, control, messages, entries } = watchedHost();
    expect(poll()).toEqual(['watching']);
    expect(messages()[0]).toMatch(/^nothing is registered/);
    register('arm64', 'riscv64');
    expect(poll()).toEqual(['watching']);
    expect(messages()).toEqual(['watching aarch64, riscv64']);
    unregister(host, { architectures: ['arm64'], state });
    expect(poll()).toEqual(['watching']);
    expect(entries()).toEqual(['qemu-riscv64']);
    control('qemu-riscv64', '-1');
    expect(poll()).toEqual(['removed riscv64', 'reasserted riscv64']);
  });

  it('registers what the command names, and lets it go when somebody unregisters it', () => {
    const { host, poll, entries, register, memory, messages, control, restarted } = watchedHost();
    const options = { architectures: ['arm64'] };
    // Nothing has happened to it before.
    expect(poll(0, options)).toEqual(['watching', 'reasserted aarch64']);
    expect([...(memory.counters.reassertions.get('aarch64') ?? [])]).toEqual([['claimed', 1]]);
    expect(poll(5000, options)).toEqual([]);
    unregister(host, { architectures: ['arm64'], state });
    expect(poll(5000, options)).toEqual(['watching']);
    expect(entries()).toEqual([]);
    // Nor does a watch that starts anew, such as that of a timer.
    expect(restarted().poll(0, options)).toEqual(['watching']);
    expect(messages()[0]).toBe(
      'nothing is registered that could be watched; not aarch64, which was unregistered; next: anyarch register aarch64: it is noticed here',
    );
    expect(entries()).toEqual([]);
    register('arm64');
    expect(poll(5000, options)).toEqual(['watching']);
    control('qemu-aarch64', '-1');
    expect(restarted().poll(0, options)).toEqual(['watching', 'removed aarch64', 'reasserted aarch64']);
  });

  it('lets go what is registered at each boot, too, until it is registered again or the machine boots', () => {
    const { host, register, restarted, entries, control } = watchedHost();
    register('arm64');
    const rule = host.files.read(`${state}/registrations.json`);
    const { registrations } = JSON.parse(new TextDecoder().decode(rule)) as {
      registrations: readonly { rule: string }[];
    };
    const emulator = { version: '11.1.3', sha256: 'ab'.repeat(32), path: '/usr/bin/qemu-aarch64-static' };
    const persisted = {
      schema: 1,
      init: 'systemd',
      architectures: [
        { architecture: 'aarch64', name: 'qemu-aarch64', rule: registrations[0]?.rule, emulator },
      ],
      at: '2026-11-21T00:00:00.000Z',
      by: 'anyarch persist enable arm64',
    };
    host.files.addFile(`${state}/persistence.json`, JSON.stringify(persisted));
    unregister(host, { architectures: ['arm64'], state });
    expect(restarted().poll()).toEqual(['watching']);
    expect(entries()).toEqual([]);
    register('arm64');
    control('qemu-aarch64', '-1');
    expect(restarted().poll()).toEqual(['watching', 'removed aarch64', 'reasserted aarch64']);
    unregister(host, { architectures: ['arm64'], state });
    host.files.addFile('/proc/sys/kernel/random/boot_id', 'another\n');
    const booted = restarted();
    booted.poll();
    expect(booted.messages()[0]).toBe('watching aarch64');
  });

  it('does not bring back what is unregistered just when it wants to', () => {
    const { host, register, poll, control, entries } = watchedHost();
    register('arm64');
    poll();
    control('qemu-aarch64', '-1');
    const mountState = host.binfmt.state.bind(host.binfmt);
    let calls = 0;
    // Registering looks at the mount first, before it has the lock.
    host.binfmt.state = () => {
      calls += 1;
      if (calls === 6) unregister(host, { architectures: ['arm64'], state });
      return mountState();
    };
    const events = poll();
    expect(calls).toBeGreaterThan(6);
    expect(events).not.toContain('reasserted aarch64');
    expect(entries()).toEqual([]);
    expect(poll().filter((event) => event !== 'watching')).toEqual([]);
    expect(entries()).toEqual([]);
  });
});
