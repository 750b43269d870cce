import { describe, expect, it } from 'vitest';
import { buildElf, type ElfImage } from '../../core/testing/elf-image.ts';
import type { TarEntry } from '../../image-store/index.ts';
import { createCensus, type Census } from './elf-census.ts';

const arm64: ElfImage = { class: 64, endianness: 'little', machine: 183 };
const s390x: ElfImage = { class: 64, endianness: 'big', machine: 22 };

function add(census: Census, path: string, content: Uint8Array, kind: TarEntry['kind'] = 'file', step = 7) {
  const entry: Partial<TarEntry> = { path, kind };
  census.open(entry as TarEntry);
  for (let at = 0; at < content.length; at += step) census.data(Buffer.from(content.slice(at, at + step)));
  census.close();
}

describe('createCensus', () => {
  it('counts programs by architecture, the most frequent first, however their bytes come in', () => {
    const census = createCensus();
    add(census, './usr/bin/one', buildElf(s390x), 'file', 1);
    add(census, './usr/sbin/two', buildElf(arm64), 'file', 63);
    add(census, 'bin/three', buildElf(arm64), 'file', 4096);
    expect(census.architectures()).toEqual([
      ['aarch64', 2],
      ['s390x', 1],
    ]);
    expect(census.entries()).toBe(3);
  });

  it('takes no notice of firmware, libraries, scripts, links and what is too short', () => {
    const census = createCensus();
    add(census, './usr/lib/qemu/firmware', buildElf(s390x));
    add(census, './usr/bin/sub/program', buildElf(s390x));
    add(census, './usr/bin/script', Buffer.from(`#!/bin/sh\n${' '.repeat(100)}`));
    add(census, './usr/bin/link', new Uint8Array(), 'symlink');
    add(census, './usr/bin/short', buildElf(arm64).slice(0, 40));
    add(census, './usr/bin/strange', buildElf({ ...arm64, machine: 60_000 }));
    expect(census.architectures()).toEqual([]);
    expect(census.entries()).toBe(6);
  });

  it('knows shells, also where they are links', () => {
    const census = createCensus();
    add(census, './bin/sh', new Uint8Array(), 'symlink');
    add(census, './opt/bin/bash', new Uint8Array());
    expect(census.has('bin/sh')).toBe(true);
    expect(census.has('bin/bash')).toBe(false);
  });
});
