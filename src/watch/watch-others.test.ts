import { describe, expect, it } from 'vitest';
import { isUp } from './memory.ts';
import { distributionsEntry, othersRule, watchedHost } from './testing/watched-host.ts';

describe("where the distribution's entry is what is wanted", () => {
  it('finds nothing wrong, whenever it starts, and counts nothing', () => {
    const watched = watchedHost();
    distributionsEntry(watched);
    watched.register('arm64');
    for (const options of [{}, { dryRun: true }, { architectures: ['arm64'] }]) {
      const { poll, memory } = watched.restarted();
      expect(poll(0, options)).toEqual(['watching']);
      expect(poll(5000, options)).toEqual([]);
      expect(isUp(memory, 'aarch64')).toBe(true);
      expect(memory.counters.reassertions.size).toBe(0);
      expect(memory.damping.size).toBe(0);
    }
    expect(watched.entries()).toEqual(['qemu-aarch64']);
  });

  it('wants no more than it when it is only named', () => {
    const watched = watchedHost();
    distributionsEntry(watched);
    expect(watched.poll(0, { architectures: ['arm64'] })).toEqual(['watching']);
    expect(watched.memory.counters.reassertions.size).toBe(0);
    expect(watched.entries()).toEqual(['qemu-aarch64']);
  });

  it('obeys who disables it', () => {
    const watched = watchedHost();
    distributionsEntry(watched);
    watched.register('arm64');
    watched.control('qemu-aarch64', '0');
    const { poll } = watched.restarted();
    expect(poll()).toEqual(['watching', 'disabled aarch64']);
    expect(poll(600_000)).toEqual([]);
    expect(watched.entries()).toEqual(['qemu-aarch64']);
    watched.control('qemu-aarch64', '1');
    expect(poll()).toEqual(['recovered aarch64']);
    watched.control('qemu-aarch64', '0');
    expect(poll(5000, { enforce: true })).toEqual(['disabled aarch64', 'reasserted aarch64']);
    expect(watched.entries()).toContain('anyarch-aarch64');
  });

  it('registers one of ours when it goes, is shadowed, or becomes another', () => {
    for (const harm of ['gone', 'shadowed', 'another'] as const) {
      const watched = watchedHost();
      distributionsEntry(watched);
      watched.register('arm64');
      watched.poll();
      if (harm === 'shadowed') watched.addEntry(othersRule);
      else watched.control('qemu-aarch64', '-1');
      if (harm === 'another') distributionsEntry(watched, '/usr/bin/qemu-riscv64-static');
      const expected = { gone: ['removed aarch64'], shadowed: ['shadowed aarch64'], another: [] }[harm];
      expect({ harm, said: watched.poll() }).toEqual({ harm, said: [...expected, 'reasserted aarch64'] });
      expect(watched.poll(600_000)).toEqual([]);
    }
  });
});

it('notices an entry that takes only position-independent programs', () => {
  const { register, poll, addEntry, messages } = watchedHost();
  register('arm64');
  poll();
  addEntry(
    othersRule
      .replace('\\x02\\x00\\xb7', '\\x03\\x00\\xb7')
      .replace('\\xfe\\xff\\xff\\xff', '\\xff\\xff\\xff\\xff'),
  );
  expect(poll()).toEqual(['shadowed aarch64', 'reasserted aarch64']);
  expect(messages()[0]).toMatch(/^other \(\w+\) is newer and takes the programs of qemu-aarch64$/);
  expect(poll()).toEqual([]);
});
