import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { definitions, findDefinition } from '../definition/table.ts';
import type { BaseImage, MachineRecord } from '../record.ts';
import type { QemuCommandInput } from './command-input.ts';
import { qemuCommand } from './qemu-command.ts';

const places = {
  disk: '/m/disk.qcow2',
  seed: '/m/seed.iso',
  variables: '/m/v.fd',
  console: '/m/console.log',
};
const sockets = { console: '/s/console', qmp: '/s/qmp', guestAgent: '/s/agent' };
const kernelBoot = {
  kind: 'kernel',
  kernel: '/k',
  initrd: '/i',
  parameters: 'root=LABEL=anyarch-root',
} as const;

function recordOf(
  definition: string,
  boot: BaseImage['boot'],
  hardware: Partial<MachineRecord['hardware']> = {},
): MachineRecord {
  return {
    schema: 'anyarch/machine/1',
    name: 'demo',
    definition,
    createdMs: 0,
    id: 'id',
    hardware: { cpus: 2, memoryMiB: 1024, accelerator: 'tcg', words: [], ...hardware },
    base: { file: '/b', format: 'qcow2', sha256: '', bytes: 1, origin: 'a test', boot, cloudInit: 'yes' },
    diskBytes: 1,
    access: { user: 'me', key: '/k' },
    forwards: [],
    mounts: [],
  };
}

function inputOf(
  name: string,
  boot: BaseImage['boot'],
  changes: Partial<QemuCommandInput> = {},
): QemuCommandInput {
  return {
    record: recordOf(name, boot),
    definition: findDefinition(name),
    tools: {
      qemu: { words: ['/q'], file: '/q', version: '10.0.13', sha256: '', hasSandbox: true },
      firmware: { code: '/f/code.fd', variables: '/f/variables.fd' },
    },
    places,
    sockets,
    networkWords: ['-netdev', 'user,id=net0'],
    mountWords: [],
    incomingWords: [],
    ...changes,
  };
}

/** The value behind an option; all of them where it is there several times. */
const valuesOf = (command: readonly string[], option: string) =>
  command.flatMap((word, index) => (command[index - 1] === option ? [word] : []));

describe('qemuCommand', () => {
  it('starts an arm64 machine by its firmware, with an own copy of the variables', () => {
    const command = qemuCommand(inputOf('arm64', { kind: 'firmware' }));
    expect(command[0]).toBe('/q');
    expect(valuesOf(command, '-machine')).toEqual(['virt,gic-version=3']);
    expect(valuesOf(command, '-cpu')).toEqual(['cortex-a57']);
    expect(valuesOf(command, '-drive')).toEqual([
      'if=pflash,unit=0,format=raw,readonly=on,file=/f/code.fd',
      'if=pflash,unit=1,format=raw,file=/m/v.fd',
    ]);
    expect(command).not.toContain('-kernel');
    expect(valuesOf(command, '-device')).toEqual([
      'virtio-blk-pci,id=disk0,drive=disk,bootindex=1,write-cache=on',
      'virtio-blk-pci,id=seed0,drive=seed',
      'virtio-serial-pci,id=serial0',
      'virtserialport,bus=serial0.0,chardev=agent,name=org.qemu.guest_agent.0',
      'virtio-rng-pci,id=rng0,rng=entropy',
    ]);
    expect(valuesOf(command, '-chardev')).toEqual([
      'socket,id=console,path=/s/console,server=on,wait=off,logfile=/m/console.log,logappend=on',
      'socket,id=qmp,path=/s/qmp,server=on,wait=off',
      'socket,id=agent,path=/s/agent,server=on,wait=off',
    ]);
  });

  it.each(definitions)('$name: starts from a kernel, on the console that it has', (definition) => {
    const command = qemuCommand(inputOf(definition.name, kernelBoot));
    expect(valuesOf(command, '-append')).toEqual([`console=${definition.console} root=LABEL=anyarch-root`]);
    expect(command.includes('-drive')).toBe(definition.needsFirmwareForKernels === true);
  });

  it('gives a Raspberry Pi its disk as the SD card, its seed over USB and its console on the second line', () => {
    const command = qemuCommand(inputOf('raspi3b', { ...kernelBoot, deviceTree: '/d' }));
    expect(valuesOf(command, '-device')).toEqual([
      'sd-card,id=disk0,drive=disk',
      'usb-hub,id=hub0,port=1',
      'usb-storage,id=seed0,drive=seed,port=1.2',
    ]);
    expect(valuesOf(command, '-serial')).toEqual(['null', 'chardev:console']);
    expect(valuesOf(command, '-dtb')).toEqual(['/d']);
    expect(valuesOf(command, '-chardev').join(' ')).not.toContain('agent');
  });

  it.each(['arm64', 'raspi3b'])('%s: only ever reads the seed', (name) => {
    const nodes = valuesOf(qemuCommand(inputOf(name, kernelBoot)), '-blockdev').map(
      (text) => JSON.parse(text) as Record<string, unknown>,
    );
    expect(nodes.find((node) => node['node-name'] === 'seed')).toMatchObject({
      'read-only': true,
      file: { 'read-only': true },
    });
    expect(nodes.find((node) => node['node-name'] === 'disk')).toMatchObject({
      driver: 'qcow2',
      discard: 'unmap',
    });
  });

  it('shares memory with mounts, and only then', () => {
    const shared = qemuCommand(inputOf('arm64', kernelBoot, { mountWords: ['-chardev', 'x'] }));
    expect(valuesOf(shared, '-machine')).toEqual(['virt,gic-version=3,memory-backend=ram']);
    expect(valuesOf(shared, '-object')).toContain('memory-backend-memfd,id=ram,size=1024M,share=on');
    expect(qemuCommand(inputOf('arm64', kernelBoot)).join(' ')).not.toContain('memory-backend');
  });

  it("takes the user's CPU and words, which are last", () => {
    const record = recordOf('arm64', kernelBoot, { cpu: 'max,pauth-impdef=on', words: ['-snapshot'] });
    const command = qemuCommand(inputOf('arm64', kernelBoot, { record, incomingWords: ['-S'] }));
    expect(valuesOf(command, '-cpu')).toEqual(['max,pauth-impdef=on']);
    expect(command.slice(-2)).toEqual(['-S', '-snapshot']);
  });

  it('filters system calls, unless QEMU cannot or the user says how', () => {
    const input = inputOf('arm64', kernelBoot);
    const denied = 'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny';
    expect(valuesOf(qemuCommand(input), '-sandbox')).toEqual([denied]);
    const { qemu } = input.tools;
    const without = { ...input.tools, qemu: { ...qemu, hasSandbox: false } };
    expect(qemuCommand({ ...input, tools: without })).not.toContain('-sandbox');
    const record = recordOf('arm64', kernelBoot, { words: ['-sandbox', 'off'] });
    expect(valuesOf(qemuCommand({ ...input, record }), '-sandbox')).toEqual(['off']);
  });

  it('is native with KVM', () => {
    const record = recordOf('amd64', kernelBoot, { accelerator: 'kvm' });
    const command = qemuCommand(inputOf('amd64', kernelBoot, { record }));
    expect([...valuesOf(command, '-accel'), ...valuesOf(command, '-cpu')]).toEqual(['kvm', 'host']);
  });

  it('refuses to start a board from a disk that it has no loader for', () => {
    expect(() => qemuCommand(inputOf('mipsel', { kind: 'firmware' }))).toThrowWithCode(
      'ANYARCH_MACHINE_FAILED',
    );
  });

  it('keeps paths whole, whatever is in them', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (name) => {
        const path = `/m/${name}`;
        const command = qemuCommand(
          inputOf(
            'arm64',
            { kind: 'firmware' },
            { places: { ...places, disk: path, variables: path, console: path } },
          ),
        );
        const node = JSON.parse(valuesOf(command, '-blockdev')[0] ?? '') as { file: { filename: string } };
        expect(node.file.filename).toBe(path);
        // A comma that is not doubled would begin another option.
        const flash = valuesOf(command, '-drive')[1] ?? '';
        expect(flash.slice(flash.indexOf('file=') + 5).replaceAll(',,', ',')).toBe(path);
      }),
    );
  });

  it('is the same each time, which saved states need', () => {
    for (const { name } of definitions)
      expect(qemuCommand(inputOf(name, kernelBoot))).toEqual(qemuCommand(inputOf(name, kernelBoot)));
  });
});
