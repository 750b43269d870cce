import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { definitions, findDefinition } from '../definition/table.ts';
import type { MachineDefinition } from '../definition/definition.ts';
import type { BaseImage, MachineRecord } from '../record.ts';
import { diskBuses } from './disk-bus.ts';
import { libvirtDomain, type DomainOptions } from './domain.ts';

const kernel: BaseImage['boot'] = {
  kind: 'kernel',
  kernel: '/state/vmlinuz',
  initrd: '/state/initrd',
  deviceTree: '/state/board.dtb',
  parameters: 'root=LABEL="a & b" ro',
};
const places = { disk: "/state/it's/disk.qcow2", seed: '/state/seed.iso' };
const usual: DomainOptions = { network: 'user', diskBus: 'virtio', owner: 'root' };

function recordFor(definition: MachineDefinition, change: Partial<MachineRecord> = {}): MachineRecord {
  return {
    schema: 'anyarch/machine/1',
    name: 'demo',
    definition: definition.name,
    createdMs: 0,
    id: '0f8e3c5a-7d1b-4a6e-9c2f-1b2a3c4d5e6f',
    hardware: { cpus: 2, memoryMiB: 1024, accelerator: 'tcg', words: [] },
    base: {
      file: '/state/base.qcow2',
      format: 'qcow2',
      sha256: '0'.repeat(64),
      bytes: 1,
      origin: 'Debian <trixie> & more',
      boot: definition.firmware === undefined ? kernel : { kind: 'firmware' },
      cloudInit: 'yes',
    },
    diskBytes: 10 * 1024 ** 3,
    access: { user: 'me', key: '/state/ssh/id_ed25519' },
    forwards: [],
    mounts: [],
    ...change,
  };
}

function domainOf(name: string, change: Partial<MachineRecord> = {}, options: Partial<DomainOptions> = {}) {
  const definition = findDefinition(name);
  return libvirtDomain(
    { record: recordFor(definition, change), definition, places },
    { ...usual, ...options },
  );
}

describe('the domain', () => {
  it('of arm64 is what one would click together in virt-manager', () => {
    const { xml, notes } = domainOf('arm64');
    expect(xml).toContain("<os firmware='efi'>");
    expect(xml).toContain("<type arch='aarch64' machine='virt'>hvm</type>");
    expect(xml).toContain("<model fallback='forbid'>cortex-a57</model>");
    expect(xml).toContain("<gic version='3'/>");
    expect(xml).toMatch(
      /<disk type='file' device='cdrom'>\s*<driver name='qemu' type='raw'\/>\s*<source file='\/state\/seed.iso'\/>\s*<target dev='sda' bus='scsi'\/>/,
    );
    expect(xml).toContain("<interface type='user'>");
    expect(notes).toEqual([]);
  });

  it('has paths and origins of any letters', () => {
    const { xml } = domainOf('arm64');
    expect(xml).toContain("file='/state/it&apos;s/disk.qcow2'");
    expect(xml).toContain('Debian &lt;trixie&gt; &amp; more');
  });

  it('starts from a kernel where the image needs one', () => {
    const { xml } = domainOf('s390x', { base: { ...recordFor(findDefinition('s390x')).base, boot: kernel } });
    expect(xml).toContain('<kernel>/state/vmlinuz</kernel>');
    expect(xml).toContain('<cmdline>console=ttysclp0 root=LABEL=&quot;a &amp; b&quot; ro</cmdline>');
    expect(xml).not.toContain('firmware');
  });

  it('tells what it leaves out', () => {
    const forwards = [{ protocol: 'tcp', address: '127.0.0.1', hostPort: 8080, guestPort: 80 }] as const;
    const hardware = {
      cpus: 1,
      memoryMiB: 512,
      accelerator: 'tcg',
      cpu: 'max,pauth-impdef=on',
      words: ['-s'],
    } as const;
    const { xml, notes } = domainOf('arm64', { forwards, hardware });
    expect(xml).toContain("<cpu mode='maximum'/>");
    expect(notes).toEqual([
      expect.stringContaining('pauth-impdef=on'),
      expect.stringContaining('--network default'),
      expect.stringContaining('-s'),
    ]);
  });

  it('leaves the files to their owner', () => {
    const label = "<seclabel type='static' model='dac' relabel='no'>";
    expect(domainOf('arm64').xml).toContain(label);
    const { xml, notes } = domainOf('arm64', {}, { owner: 'user' });
    expect(xml).not.toContain('seclabel');
    expect(notes).toEqual([expect.stringContaining('qemu:///session')]);
  });

  it('shares directories by shared memory', () => {
    const { xml } = domainOf('arm64', { mounts: [{ source: '/srv', target: '/mnt', isReadOnly: true }] });
    expect(xml).toContain("<access mode='shared'/>");
    expect(xml).toMatch(/<source dir='\/srv'\/>\s*<target dir='anyarch0'\/>\s*<readonly\/>/);
  });
});

/** libvirt's own judgement; libvirt 9.0 does not know loongarch64 yet, and nothing else must keep it from passing. */
describe('virt-xml-validate', () => {
  const isThere = spawnSync('virt-xml-validate', ['--version']).error === undefined;
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'anyarch-libvirt-'));
  });
  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  function problems(xml: string): string {
    const path = join(directory, 'domain.xml');
    writeFileSync(path, xml.replace("arch='loongarch64'", "arch='riscv64'"));
    const { status, stdout, stderr } = spawnSync('virt-xml-validate', [path, 'domain'], { encoding: 'utf8' });
    return status === 0 ? '' : stdout + stderr || 'refused';
  }

  it('is there where tests must not be skipped', () => {
    expect(isThere || process.env['ANYARCH_E2E'] !== 'required').toBe(true);
  });

  it.skipIf(!isThere)('accepts every definition, from firmware and from a kernel', () => {
    for (const definition of definitions)
      for (const boot of [kernel, { kind: 'firmware' }] as const) {
        const base = { ...recordFor(definition).base, boot };
        expect(`${definition.name} ${problems(domainOf(definition.name, { base }).xml)}`).toBe(
          `${definition.name} `,
        );
      }
  });

  it.skipIf(!isThere)('accepts every bus, network, mount and owner', () => {
    const mounts = [
      { source: '/srv', target: '/mnt', isReadOnly: true },
      { source: '/home/a&b', target: '/home', isReadOnly: false },
    ];
    for (const diskBus of diskBuses)
      for (const owner of ['root', 'user'] as const)
        expect(problems(domainOf('arm64', { mounts }, { diskBus, owner, network: 'default' }).xml)).toBe('');
  });

  it.skipIf(!isThere)('refuses what is none', () => {
    expect(problems(domainOf('arm64').xml.replace('<vcpu>2<', '<vcpu>two<'))).toContain('fails to validate');
  });
});
