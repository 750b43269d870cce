import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { debianArchitecture } from '../../core/debian-architecture.ts';
import { AnyarchError } from '../../core/error.ts';
import { archiveKeyring } from '../../debian/index.ts';
import type { Host } from '../../host/host.ts';
import type { OnProgress } from '../../transfer/index.ts';
import type { MachineDefinition } from '../definition/definition.ts';
import { obtainDiskTools } from '../disk/disk-tools.ts';
import { keepImage, type MadeImage } from '../disk/kept-image.ts';
import { makeDisk } from '../disk/make-disk.ts';
import { removeTree } from '../disk/remove-tree.ts';
import { emulatedFor, runInside } from '../disk/run-inside.ts';
import type { BaseImage } from '../record.ts';
import { bootstrapWords, deviceTreeFile, loaderFile } from './bootstrap-words.ts';
import { filesArchive } from './configuration-archive.ts';
import { imageFiles, kernelParameters } from './configuration.ts';
import { imagePackages, loaderOf, type Loader } from './packages.ts';
import { mirrorWith } from './mirror-with.ts';

export interface DebianImageOptions {
  /** Default: the newest that has a kernel for the machine. */
  readonly suite?: string | undefined;
  /** Further packages. */
  readonly packages?: readonly string[] | undefined;
  readonly mirror?: string | undefined;
  /** Take lists after their Valid-Until. */
  readonly allowExpired?: boolean | undefined;
  /** Only an image that is there. */
  readonly noFetch?: boolean | undefined;
  /** Make it of what the mirror has now, also when there is one. */
  readonly isRenewed?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** Raised when images are made otherwise, so that older ones are not used for new machines. */
const layoutVersion = 4;

type Definition = Pick<MachineDefinition, 'architecture' | 'boots' | 'bus' | 'console' | 'kernel' | 'name'>;

/**
 * A bootable Debian disk for a machine, with cloud-init: built once from signed packages without root, then only looked up.
 * Takes about five minutes where the guest's programs are emulated. Can be repeated and interrupted at any time.
 *
 * @throws AnyarchError ANYARCH_PROGRAM_NOT_FOUND without mmdebstrap, ANYARCH_RELEASE_EXPIRED, ANYARCH_PACKAGE_NOT_FOUND for a suite without the architecture, ANYARCH_MACHINE_NOT_FOUND with `noFetch` when there is none,
 *   ANYARCH_USAGE, ANYARCH_SUBORDINATE_IDS, ANYARCH_MACHINE_FAILED when packages cannot be installed, ANYARCH_DISK_FULL, ANYARCH_CANCELLED,
 *   and what fetching throws
 */
export async function obtainDebianImage(
  host: Host,
  definition: Definition,
  options: DebianImageOptions = {},
): Promise<BaseImage> {
  const { drivers } = definition.kernel;
  const suite = checkedSuite(options.suite ?? definition.kernel.suite);
  const packages = imagePackages(definition, options.packages ?? []);
  const key = createHash('sha256')
    .update(
      JSON.stringify([
        ...[layoutVersion, definition.architecture, definition.console, suite, packages],
        ...(drivers === undefined ? [] : [drivers]),
      ]),
    )
    .digest('hex')
    .slice(0, 12);
  const name = `debian-${suite}-${definition.name}-${key}`;
  return await keepImage(host, { ...options, name }, async (directory) => {
    if (options.noFetch === true)
      throw new AnyarchError(
        'ANYARCH_MACHINE_NOT_FOUND',
        `there is no image of Debian ${suite} for ${definition.name} yet`,
        {
          hint: 'leave --no-fetch out once: it is made of packages from a Debian mirror',
          details: { image: name },
        },
      );
    return await makeImage(host, definition, { ...options, suite, packages }, directory);
  });
}

async function makeImage(
  host: Host,
  definition: Definition,
  options: DebianImageOptions & { readonly suite: string; readonly packages: readonly string[] },
  directory: string,
): Promise<MadeImage> {
  const { suite, packages, signal } = options;
  requireMmdebstrap(host);
  const architecture = requireDebian(definition);
  const mirror = await mirrorWith(host, { suite, architecture, definition }, options);
  const emulated = await emulatedFor(host, definition.architecture, options);
  const tools = await obtainDiskTools(host, options);
  const loader = loaderOf(definition);
  const scratch = `${directory}/scratch`;
  const archive = `${scratch}/root.tar`;
  const boot = `${scratch}/boot-files`;
  const files = `${scratch}/files.tar`;
  await mkdir(boot, { recursive: true });
  await writeFile(
    files,
    await filesArchive(
      imageFiles({
        hasLoader: loader !== undefined,
        console: definition.console,
        drivers: definition.kernel.drivers,
      }),
    ),
  );
  const why = suite === definition.kernel.suite ? definition.kernel.whySuite : undefined;
  host.log.info(
    `making a disk of Debian ${suite} for ${definition.name}, once${emulated.length === 0 ? '' : '; emulated, that takes minutes'}${why === undefined ? '' : `. ${why}`}`,
  );
  await runInside(host, {
    emulated,
    command: bootstrapWords({
      ...{ architecture, suite, packages, loader, files, boot },
      mirror,
      allowExpired: options.allowExpired,
      keyring: archiveKeyring(),
      output: archive,
      deviceTree: definition.kernel.deviceTree,
    }),
    environment: [
      `TMPDIR=${scratch}`,
      'DEBIAN_FRONTEND=noninteractive',
      'LC_ALL=C.UTF-8',
      'MMDEBSTRAP_HOOKSOCK=',
    ],
    onLine: (line) => {
      if (line.startsWith('I: ') && !/-hook| as requested$/.test(line)) host.log.info(line.slice(3));
      else host.log.debug(line);
    },
    signal,
  });
  const bytes = await makeDisk(
    tools,
    { architecture: definition.architecture, archive, loader: loaderProgram(loader, boot) },
    `${directory}/disk.qcow2`,
    { scratch, signal },
  );
  const kernel = loader === undefined ? await keepKernel(boot, directory) : undefined;
  await removeTree(host, scratch);
  return {
    disk: 'disk.qcow2',
    bytes,
    cloudInit: 'yes',
    origin: `Debian ${suite}`,
    notes: packages,
    ...(kernel === undefined ? {} : { kernel }),
  };
}

function loaderProgram(loader: Loader | undefined, boot: string) {
  return loader === undefined ? undefined : { file: `${boot}/boot/${loaderFile}`, name: loader.file };
}

/** Beside the disk: QEMU is given them, and what the guest installs later has no effect on its next start. */
async function keepKernel(boot: string, directory: string): Promise<MadeImage['kernel']> {
  const names = fs.readdirSync(`${boot}/boot`);
  const kernel = names.find((name) => /^vmlinu[xz]-/.test(name));
  const initrd = names.find((name) => name.startsWith('initrd.img-'));
  if (kernel === undefined || initrd === undefined)
    throw new AnyarchError(
      'ANYARCH_MACHINE_FAILED',
      `Debian's kernel package brought no ${kernel === undefined ? 'kernel' : 'initrd'}`,
      {
        hint: 'try another suite',
        details: { names: names.join(' ') },
      },
    );
  await rename(`${boot}/boot/${kernel}`, `${directory}/kernel`);
  await rename(`${boot}/boot/${initrd}`, `${directory}/initrd`);
  const hasTree = fs.existsSync(`${boot}/${deviceTreeFile}`);
  if (hasTree) await rename(`${boot}/${deviceTreeFile}`, `${directory}/${deviceTreeFile}`);
  return {
    file: 'kernel',
    initrd: 'initrd',
    ...(hasTree ? { deviceTree: deviceTreeFile } : {}),
    parameters: kernelParameters,
  };
}

function requireMmdebstrap({ processes }: Pick<Host, 'processes'>): void {
  const { exitCode } = processes.run(['mmdebstrap', '--version'], { timeoutMs: 20_000 });
  if (exitCode === 0) return;
  throw new AnyarchError(
    'ANYARCH_PROGRAM_NOT_FOUND',
    'mmdebstrap, which makes Debian systems of packages, is not installed',
    {
      hint: 'apt-get install mmdebstrap; or name a cloud image: anyarch machine create NAME --image FILE|URL',
      details: { program: 'mmdebstrap' },
    },
  );
}

function requireDebian({ architecture, name }: Definition): string {
  const found = debianArchitecture(architecture);
  if (found !== undefined) return found;
  throw new AnyarchError('ANYARCH_PACKAGE_NOT_FOUND', `Debian has no packages for ${name}`, {
    hint: 'name an image of its own: --image FILE|URL',
  });
}

function checkedSuite(suite: string): string {
  if (/^[a-z][a-z0-9-]{0,40}$/.test(suite)) return suite;
  throw new AnyarchError('ANYARCH_USAGE', `"${suite}" is no name of a Debian suite`, {
    hint: 'suites are called for example bookworm, trixie or sid',
  });
}
