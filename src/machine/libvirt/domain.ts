import { chooseCpu } from '../definition/choose-cpu.ts';
import type { MachineDefinition } from '../definition/definition.ts';
import { usesFirmware } from '../definition/uses-firmware.ts';
import { cardAddress } from '../network/network-words.ts';
import { mountTag } from '../mounts/mount.ts';
import type { MachinePlaces } from '../places.ts';
import type { BaseImage, MachineRecord } from '../record.ts';
import type { DiskBus } from './disk-bus.ts';
import { element, xmlText, type Element } from './element.ts';

export interface DomainInput {
  readonly record: MachineRecord;
  readonly definition: MachineDefinition;
  readonly places: Pick<MachinePlaces, 'disk' | 'seed'>;
}

export interface DomainOptions {
  /** `user`: as anyarch has it, the guest reaches everything and nobody the guest; else the name of a network of libvirt. */
  readonly network: string;
  readonly diskBus: DiskBus;
  /** Absolute; libvirt finds its own by default. */
  readonly emulator?: string | undefined;
  /** Whose the machine's files are. */
  readonly owner: 'root' | 'user';
}

/** What libvirt calls them, where that is not the architecture's name. */
const libvirtNames: Readonly<Record<string, string>> = { arm: 'armv7l' };

/**
 * The machine as libvirt's domain: `virsh define` and virt-manager take it.
 *
 * https://libvirt.org/formatdomain.html
 *
 * @returns `notes`: what of the machine cannot be said there
 */
export function libvirtDomain(
  input: DomainInput,
  options: DomainOptions,
): { readonly xml: string; readonly notes: readonly string[] } {
  const { record, definition } = input;
  const hasKvm = record.hardware.accelerator === 'kvm';
  const root = element('domain', { type: hasKvm ? 'kvm' : 'qemu' }, [
    element('name', {}, record.name),
    isUuid(record.id) ? element('uuid', {}, record.id) : undefined,
    element('description', {}, `made by anyarch from ${record.base.origin}`),
    element('memory', { unit: 'MiB' }, String(record.hardware.memoryMiB)),
    record.mounts.length === 0
      ? undefined
      : element('memoryBacking', {}, [
          element('source', { type: 'memfd' }),
          element('access', { mode: 'shared' }),
        ]),
    element('vcpu', {}, String(record.hardware.cpus)),
    operatingSystem(definition, record.base.boot),
    features(definition),
    processor(cpuOf(input)),
    element('clock', { offset: 'utc' }),
    element('on_poweroff', {}, 'destroy'),
    element('on_reboot', {}, 'restart'),
    element('on_crash', {}, 'destroy'),
    element('devices', {}, devices(input, options)),
    options.owner === 'root' ? asOwner() : undefined,
  ]);
  return { xml: xmlText(root), notes: [...notesOf(input), ...accessNotes(options)] };
}

/**
 * QEMU runs as root, as anyarch's own does there. By default libvirt gives a disk and all that it is read through to a
 * user of its own, an image that other machines share among them, and does not give that back (measured with libvirt 9.0).
 * For other owners there is nothing to say: the session's daemon runs QEMU as its user and refuses this element, the
 * system's gives them a QEMU that cannot read what libvirt puts there for it.
 */
function asOwner(): Element {
  return element('seclabel', { type: 'static', model: 'dac', relabel: 'no' }, [
    element('label', {}, '+0:+0'),
  ]);
}

function accessNotes({ owner }: DomainOptions): string[] {
  return owner === 'root'
    ? []
    : [
        "it is for libvirt's daemon of the session, virsh -c qemu:///session: the system's takes the disk and the image below it from their owner",
      ];
}

function cpuOf({ record, definition }: DomainInput): string {
  if (record.hardware.cpu !== undefined) return record.hardware.cpu;
  if (record.hardware.accelerator === 'kvm') return 'host';
  // The best that QEMU has for it: which one libvirt will start is not known here.
  return chooseCpu(definition, '99').value;
}

function operatingSystem(definition: MachineDefinition, boot: BaseImage['boot']): Element {
  const [machine = ''] = definition.machine.split(',');
  const arch = libvirtNames[definition.architecture] ?? definition.architecture;
  const type = element('type', { arch, machine }, 'hvm');
  const hasUefi = usesFirmware(definition, boot.kind);
  return element('os', hasUefi ? { firmware: 'efi' } : {}, [
    type,
    // Debian's and most other images start by unsigned loaders, too; libvirt keeps variables of its own.
    hasUefi
      ? element('firmware', {}, [element('feature', { enabled: 'no', name: 'secure-boot' })])
      : undefined,
    ...(boot.kind === 'kernel' ? kernelOf(definition, boot) : [element('boot', { dev: 'hd' })]),
  ]);
}

function kernelOf(
  { console: name }: MachineDefinition,
  { kernel, initrd, parameters, deviceTree }: Extract<BaseImage['boot'], { readonly kind: 'kernel' }>,
): (Element | undefined)[] {
  return [
    element('kernel', {}, kernel),
    initrd === undefined ? undefined : element('initrd', {}, initrd),
    element('cmdline', {}, `console=${name} ${parameters}`.trim()),
    deviceTree === undefined ? undefined : element('dtb', {}, deviceTree),
  ];
}

function features({ machine, firmware, architecture }: MachineDefinition): Element | undefined {
  const options = new Map(machine.split(',').map((part) => splitOption(part)));
  const gic = options.get('gic-version');
  const capabilities = [
    ['cap-cfpc', 'cfpc'],
    ['cap-sbbc', 'sbbc'],
    ['cap-ibs', 'ibs'],
  ] as const;
  const all = [
    firmware !== undefined && ['aarch64', 'x86_64'].includes(architecture) ? element('acpi') : undefined,
    gic === undefined ? undefined : element('gic', { version: gic }),
    ...capabilities.map(([option, name]) => {
      const value = options.get(option);
      return value === undefined ? undefined : element(name, { value });
    }),
  ].filter((one) => one !== undefined);
  return all.length === 0 ? undefined : element('features', {}, all);
}

function splitOption(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function processor(cpu: string): Element {
  const [model = ''] = cpu.split(',');
  if (model === 'host') return element('cpu', { mode: 'host-passthrough' });
  if (model === 'max') return element('cpu', { mode: 'maximum' });
  // Without a check libvirt compares the model with the host's processor, which is another one.
  return element('cpu', { mode: 'custom', match: 'exact', check: 'none' }, [
    element('model', { fallback: 'forbid' }, model),
  ]);
}

function devices(input: DomainInput, { network, diskBus, emulator }: DomainOptions): (Element | undefined)[] {
  const { record, definition, places } = input;
  const isBoard = definition.bus === 'board';
  const bus = isBoard ? 'sd' : diskBus;
  const seedBus = seedBusOf(definition, bus);
  return [
    emulator === undefined ? undefined : element('emulator', {}, emulator),
    element('disk', { type: 'file', device: 'disk' }, [
      element('driver', { name: 'qemu', type: 'qcow2', cache: 'writeback', discard: 'unmap' }),
      element('source', { file: places.disk }),
      element('target', { dev: `${prefixOf(bus)}a`, bus }),
    ]),
    seedBus === undefined
      ? undefined
      : element('disk', { type: 'file', device: 'cdrom' }, [
          element('driver', { name: 'qemu', type: 'raw' }),
          element('source', { file: places.seed }),
          element('target', {
            dev: `${prefixOf(seedBus)}${prefixOf(bus) === 'sd' ? 'b' : 'a'}`,
            bus: seedBus,
          }),
          element('readonly'),
        ]),
    [bus, seedBus].includes('scsi')
      ? element('controller', { type: 'scsi', index: '0', model: 'virtio-scsi' })
      : undefined,
    element('interface', network === 'user' ? { type: 'user' } : { type: 'network' }, [
      network === 'user' ? undefined : element('source', { network }),
      element('mac', { address: cardAddress(record.id, definition) }),
      element('model', { type: definition.card.startsWith('virtio-') ? 'virtio' : definition.card }),
    ]),
    definition.bus === 'ccw'
      ? undefined
      : element('serial', { type: 'pty' }, [element('target', { port: '0' })]),
    element('console', { type: 'pty' }, [
      element('target', { type: definition.bus === 'ccw' ? 'sclp' : 'serial', port: '0' }),
    ]),
    ...(isBoard ? [] : virtioDevices()),
    ...record.mounts.map((mount, index) =>
      element('filesystem', { type: 'mount', accessmode: 'passthrough' }, [
        element('driver', { type: 'virtiofs' }),
        element('source', { dir: mount.source }),
        element('target', { dir: mountTag(mount, index) }),
        mount.isReadOnly ? element('readonly') : undefined,
      ]),
    ),
  ];
}

function virtioDevices(): Element[] {
  return [
    element('channel', { type: 'unix' }, [
      element('target', { type: 'virtio', name: 'org.qemu.guest_agent.0' }),
    ]),
    element('rng', { model: 'virtio' }, [element('backend', { model: 'random' }, '/dev/urandom')]),
  ];
}

/** A CD drive, as cloud-init's documentation has it: never virtio, which knows disks only. */
function seedBusOf({ bus, architecture }: MachineDefinition, diskBus: DiskBus): DiskBus | undefined {
  if (bus === 'board') return undefined;
  if (diskBus === 'scsi') return 'scsi';
  return architecture === 'x86_64' ? 'sata' : 'scsi';
}

function prefixOf(bus: DiskBus): string {
  return bus === 'virtio' ? 'vd' : 'sd';
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

function notesOf(input: DomainInput): string[] {
  const { record, definition } = input;
  const [, ...extras] = cpuOf(input).split(',');
  return [
    ...(extras.length === 0 ? [] : [`the processor's options are left out: ${extras.join(',')}`]),
    ...(record.forwards.length === 0
      ? []
      : [
          'ports are not forwarded: use a network of libvirt (--network default) and the address that the guest has there',
        ]),
    ...(record.hardware.words.length === 0
      ? []
      : [`QEMU's own options are left out: ${record.hardware.words.join(' ')}`]),
    ...(definition.architecture === 'loongarch64' ? ['libvirt knows loongarch64 since 10.1'] : []),
    ...(definition.bus === 'board'
      ? ['libvirt has no SD card for this board and no CD drive: the domain is a beginning only']
      : []),
  ];
}
