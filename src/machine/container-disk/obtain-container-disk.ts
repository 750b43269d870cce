import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { findArchitecture } from '../../core/architecture.ts';
import { AnyarchError } from '../../core/error.ts';
import { imagePlatform } from '../../core/oci/image-platform.ts';
import { parsePlatform } from '../../core/platform.ts';
import { obtainPrograms, type Programs } from '../../debian-programs/index.ts';
import type { Host } from '../../host/host.ts';
import { stateDirectory } from '../../host/state-directory.ts';
import { obtainImage, programArchitecture, type ObtainedImage } from '../../image-source/index.ts';
import type { MachineDefinition } from '../definition/definition.ts';
import { obtainDiskTools, type DiskToolOptions } from '../disk/disk-tools.ts';
import { keepImage, type MadeImage } from '../disk/kept-image.ts';
import { rootLabel } from '../disk/layout.ts';
import { makeDisk } from '../disk/make-disk.ts';
import { removeTree } from '../disk/remove-tree.ts';
import { runInside } from '../disk/run-inside.ts';
import { runTool } from '../disk/run-tool.ts';
import type { BaseImage } from '../record.ts';
import { bootPackages, makeBootParts } from './boot-parts.ts';
import { bootScript, shellScript, startScript } from './boot-script.ts';
import { guestHost } from './guest-host.ts';
import { containerReference } from './container-reference.ts';
import { machineArchive } from './machine-archive.ts';
import { ownFiles } from './own-files.ts';

export interface ContainerDiskOptions extends DiskToolOptions {
  /** What relative paths in the reference are relative to. */
  readonly directory: string;
}

/** Raised when disks are made otherwise. */
const layoutVersion = 2;

/**
 * A disk with the content of a container image, and what that lacks to be a machine: Debian's kernel, and an init, a network and an SSH
 * server of ours below /.anyarch, which take the place of nothing in the image. No program of the image is run for it.
 *
 * @param reference `oci:REF`, or a spelling of `anyarch run --image`
 * @throws AnyarchError ANYARCH_DISK_ARCHITECTURE when the image is for another architecture, ANYARCH_HOST_UNSUPPORTED for machines without
 *   virtio, and what `obtainImage`, `obtainPrograms` and `keepImage` throw
 */
export async function obtainContainerDisk(
  host: Host,
  definition: MachineDefinition,
  reference: string,
  options: ContainerDiskOptions,
): Promise<BaseImage> {
  if (definition.bus === 'board')
    throw new AnyarchError(
      'ANYARCH_HOST_UNSUPPORTED',
      `a ${definition.name} machine cannot be started from a container image`,
      {
        hint: 'take the machine of its architecture: -a arm64',
      },
    );
  const image = await imageFor(host, definition, reference, options);
  requireArchitecture(host, definition, image);
  const { stored } = image;
  if (stored.ids === 'single')
    host.log.warn('you have no subordinate ids (/etc/subuid): every file of the image will be of root');
  const scripts = [bootScript(), startScript(), shellScript(environmentOf(image))];
  const key = createHash('sha256')
    .update(JSON.stringify([layoutVersion, definition.kernel, stored.digest, ...scripts]))
    .digest('hex')
    .slice(0, 12);
  return await keepImage(
    host,
    { name: `container-${definition.name}-${key}`, signal: options.signal },
    async (directory) => await makeContainerDisk(host, definition, image, options, directory),
  );
}

async function imageFor(
  host: Host,
  { architecture, name }: MachineDefinition,
  reference: string,
  { directory, noFetch, signal, onProgress }: ContainerDiskOptions,
): Promise<ObtainedImage> {
  const platform = findArchitecture(architecture).platforms[0];
  if (platform === undefined)
    throw new AnyarchError(
      'ANYARCH_PLATFORM_NOT_FOUND',
      `container images have no name for the architecture of ${name}`,
      {
        hint: 'name a disk image: --image FILE|URL, or --image debian',
      },
    );
  return await obtainImage(host, containerReference(reference, host.files, directory), {
    state: stateDirectory(host.system),
    platform: imagePlatform(parsePlatform(platform)),
    ...(noFetch === true ? { pull: 'never' } : {}),
    ...{ directory, signal, onProgress },
  });
}

/** Images of another architecture may say that they are for this one: `docker import` of old made such. */
function requireArchitecture(
  { files }: Host,
  definition: MachineDefinition,
  { stored, reference, config }: ObtainedImage,
): void {
  const declared = findArchitecture(definition.architecture);
  const program = config.config.Entrypoint?.[0] ?? config.config.Cmd?.[0] ?? '/bin/sh';
  const { architecture, isOther } = programArchitecture(
    files,
    stored.root,
    program,
    config.config.Env ?? [],
    declared,
  );
  if (!isOther) return;
  throw new AnyarchError(
    'ANYARCH_DISK_ARCHITECTURE',
    `${reference} has programs for ${architecture.name}, and ${definition.name} runs ${declared.name}`,
    {
      hint: `make a machine of its architecture: -a ${architecture.debian[0] ?? architecture.name}`,
      details: { image: reference, architecture: architecture.name },
    },
  );
}

async function makeContainerDisk(
  host: Host,
  definition: MachineDefinition,
  image: ObtainedImage,
  options: DiskToolOptions,
  directory: string,
): Promise<MadeImage> {
  const { mirror, noFetch, allowExpired, signal, onProgress } = options;
  const { stored, reference } = image;
  host.log.info(`making a disk of ${reference} for ${definition.name}, once`);
  const architecture = findArchitecture(definition.architecture);
  const tools = await obtainDiskTools(host, options);
  const packer = await obtainPrograms(host, {
    packages: ['tar'],
    mirror,
    noFetch,
    allowExpired,
    signal,
    onProgress,
  });
  const programs = await guestPrograms(host, definition, options);
  const scratch = `${directory}/scratch`;
  const staging = `${scratch}/kernel`;
  await mkdir(scratch);
  const version = await makeBootParts(host, definition, programs, { directory, staging }, options);
  const archive = `${scratch}/root.tar`;
  await packTree(host, packer, stored.root, archive, signal);
  const added = `${scratch}/added.tar`;
  const modules = { tree: `${staging}/usr/lib/modules/${version}`, version };
  const isMerged = fs.lstatSync(`${stored.root}/lib`, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  const own = ownFiles(programs, architecture, environmentOf(image));
  await writeFile(added, await machineArchive(own, { ...modules, isMerged }));
  await runTool(packer, 'tar', ['--concatenate', `--file=${archive}`, added], { signal });
  const bytes = await makeDisk(
    tools,
    { architecture: definition.architecture, archive, isPlain: true },
    `${directory}/disk.qcow2`,
    { scratch, signal },
  );
  await removeTree(host, scratch);
  return {
    disk: 'disk.qcow2',
    bytes,
    cloudInit: 'no',
    origin: reference,
    notes: [`Linux ${version} of Debian ${definition.kernel.suite}`],
    // What an fstab names was on another disk: systemd would wait for it, and then open its emergency shell.
    kernel: { file: 'kernel', initrd: 'initrd', parameters: `root=LABEL=${rootLabel} panic=-1 fstab=no` },
  };
}

function environmentOf({ config }: ObtainedImage): readonly string[] {
  return config.config.Env ?? [];
}

async function guestPrograms(
  host: Host,
  definition: MachineDefinition,
  { mirror, noFetch, allowExpired, signal, onProgress }: DiskToolOptions,
): Promise<Programs> {
  return await obtainPrograms(guestHost(host, definition), {
    packages: bootPackages,
    suites: [definition.kernel.suite],
    ...{ mirror, noFetch, allowExpired, signal, onProgress },
  });
}

/** In a namespace with the ids that the tree was unpacked with, so that owners come out as the image has them. */
async function packTree(
  host: Host,
  packer: Programs,
  root: string,
  archive: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  await runInside(host, {
    emulated: [],
    command: [
      ...packer.command('tar'),
      ...[
        '--create',
        `--file=${archive}`,
        '--format=posix',
        '--pax-option=delete=atime,delete=ctime',
        '--numeric-owner',
        '--sort=name',
      ],
      ...[
        '--xattrs',
        '--xattrs-include=security.capability',
        '--xattrs-include=user.*',
        '--xattrs-include=system.posix_acl_*',
      ],
      ...['-C', root, '.'],
    ],
    environment: ['LC_ALL=C.UTF-8'],
    signal,
  });
}
