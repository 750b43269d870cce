import { findArchitecture } from '../core/architecture.ts';
import { AnyarchError } from '../core/error.ts';
import type { Host } from '../host/host.ts';
import { ignoring } from '../host/system-error.ts';
import { describedEmulator } from './described.ts';
import { isVersion, type Candidate, type Emulator } from './emulator.ts';
import { emulatorNames, filesIn, installedFiles } from './installed.ts';
import { judge } from './judge.ts';
import { persistedEmulator, preferPersisted } from './persisted.ts';
import { storedCandidates } from './stored.ts';

export interface ChooseOptions {
  /**
   * `system`: not from the store. A version such as `10.0`: that one or a more precise one. Everything else is the
   * path of an emulator or of a directory of emulators. Default: the store, then the system.
   */
  readonly qemu?: string | undefined;
  /** Accept dynamically linked ones. Default false. */
  readonly allowDynamic?: boolean | undefined;
  /** Whether the copies that are registered at boot count. Default true. */
  readonly persisted?: boolean | undefined;
  /** Look for the system's emulators below this directory. */
  readonly root?: string | undefined;
}

export interface Choice {
  readonly emulator: Emulator | undefined;
  /** What was looked at until one could be used, in this order. */
  readonly candidates: readonly Candidate[];
}

export type ChooseHost = Pick<Host, 'files' | 'processes' | 'system'>;

/**
 * The emulator to use for a target. One from the store is not executed to be judged.
 *
 * @param target any name of the architecture
 * @throws AnyarchError ANYARCH_UNKNOWN_ARCHITECTURE
 */
export function chooseEmulator(host: ChooseHost, target: string, options: ChooseOptions = {}): Choice {
  const candidates: Candidate[] = [];
  for (const candidate of candidatesFor(host, target, options)) {
    candidates.push(candidate);
    if (candidate.emulator !== undefined) return { emulator: candidate.emulator, candidates };
  }
  return { emulator: undefined, candidates };
}

/**
 * Like `chooseEmulator`, for callers that cannot do without.
 *
 * @throws AnyarchError ANYARCH_UNKNOWN_ARCHITECTURE; ANYARCH_EMULATOR_NOT_FOUND, whose `details.candidates` tells what was rejected and why
 */
export function requireEmulator(host: ChooseHost, target: string, options: ChooseOptions = {}): Emulator {
  const { emulator, candidates } = chooseEmulator(host, target, options);
  if (emulator !== undefined) return emulator;
  const wanted = options.qemu === undefined ? '' : ` that is "${options.qemu}"`;
  const reasons = candidates.map(({ path, rejected }) => `${path}: ${rejected ?? 'unusable'}`);
  const found = reasons.length === 0 ? 'nothing was found' : reasons.join('; ');
  throw new AnyarchError(
    'ANYARCH_EMULATOR_NOT_FOUND',
    `there is no usable emulator for ${target}${wanted} (${found})`,
    {
      hint: nextStep(target, options.qemu),
      details: { target, candidates: reasons },
    },
  );
}

function nextStep(target: string, qemu: string | undefined): string {
  if (qemu === undefined) return `anyarch emulators fetch ${target}`;
  if (isNumber(qemu)) return `anyarch emulators fetch ${target} --version ${qemu}`;
  if (qemu === 'system') return `install your distribution's QEMU (Debian: qemu-user), or leave --qemu out`;
  return '--qemu takes a version, "system", or the path of an emulator or of a directory of emulators';
}

/** Everything that could be chosen, lazily: each step may execute a program. */
export function* candidatesFor(host: ChooseHost, name: string, options: ChooseOptions): Generator<Candidate> {
  const target = findArchitecture(name).name;
  const { qemu } = options;
  if (qemu !== undefined && qemu !== 'system' && !isNumber(qemu)) {
    yield* givenCandidates(host, target, qemu, options);
    return;
  }
  // Below another root there is another system, which does not boot here.
  const isLooked = options.root === undefined && options.persisted !== false;
  const persisted = isLooked ? persistedEmulator(host, target) : undefined;
  const own = persisted === undefined ? [] : [{ path: persisted.path, emulator: persisted }];
  const stored = qemu === 'system' ? [] : [...storedCandidates(host, target), ...own];
  const version = qemu === 'system' ? undefined : qemu;
  yield* distinct(ofVersion(withPersisted(host, stored, persisted), version));
  yield* ofVersion(withPersisted(host, systemCandidates(host, target, options), persisted), version);
}

/** Several stored ones may have given way to the persisted copy. */
function* distinct(candidates: Iterable<Candidate>): Generator<Candidate> {
  const seen = new Set<string>();
  for (const candidate of candidates) {
    if (!seen.has(candidate.path)) yield candidate;
    seen.add(candidate.path);
  }
}

function* withPersisted(
  host: ChooseHost,
  candidates: Iterable<Candidate>,
  persisted: Emulator | undefined,
): Generator<Candidate> {
  for (const candidate of candidates) {
    const { emulator } = candidate;
    const preferred = emulator === undefined ? undefined : preferPersisted(host, emulator, persisted);
    yield preferred === undefined || preferred === emulator
      ? candidate
      : { path: preferred.path, emulator: preferred };
  }
}

function* systemCandidates(
  host: ChooseHost,
  target: string,
  { allowDynamic = false, root }: ChooseOptions,
): Generator<Candidate> {
  for (const path of installedFiles(host, target, root)) {
    const emulator = describedEmulator(host, target, path);
    yield emulator === undefined
      ? judge(host, path, target, { origin: 'system', allowDynamic })
      : { path, emulator };
  }
}

function* givenCandidates(
  host: ChooseHost,
  target: string,
  given: string,
  { allowDynamic = false }: ChooseOptions,
): Generator<Candidate> {
  const options = { origin: 'given', allowDynamic } as const;
  const path = ignoring(['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP'], () => host.files.resolve(given));
  if (path === undefined) {
    yield { path: given, rejected: 'there is nothing' };
  } else if (host.files.status(path)?.kind === 'directory') {
    const paths = new Set(filesIn(host.files, path, target));
    if (paths.size === 0) yield { path, rejected: `it has none of ${emulatorNames(target).join(', ')}` };
    for (const file of paths) yield judge(host, file, target, options);
  } else {
    yield judge(host, path, target, options);
  }
}

function* ofVersion(candidates: Iterable<Candidate>, wanted: string | undefined): Generator<Candidate> {
  for (const candidate of candidates) {
    const version = candidate.emulator?.version;
    if (wanted === undefined || version === undefined || isVersion(version, wanted)) yield candidate;
    else yield { path: candidate.path, rejected: `it is version ${version}, not ${wanted}` };
  }
}

function isNumber(qemu: string): boolean {
  return /^\d+(\.\d+)*$/.test(qemu);
}
