import { AnyarchError } from '../core/error.ts';
import type { ByteSource } from '../core/byte-source.ts';
import type { Host } from '../host/host.ts';
import { ignoring } from '../host/system-error.ts';
import { installedFiles } from '../installed-files/index.ts';
import { readPatch } from '../interposer/index.ts';
import { architectureInName, readTable } from '../registration/index.ts';
import { accelerateEngines, engineOf } from './engines/engines.ts';
import { engineContext } from './engine-context.ts';
import { featureOf, hasFiles, isEnabled } from './enabled.ts';
import type { AccelerateEngine, EngineContext } from './engines/engine.ts';
import type { AccelerateOptions } from './options.ts';
import type {
  AcceleratedEngineStatus,
  AccelerateOutcome,
  AccelerateStatus,
  EmulatorStatus,
  TreeStatus,
} from './report.ts';
import { treeStatus } from './tree-status.ts';

/** What is there, what leads to it, and what is missing for containers to be accelerated. Changes nothing. */
export function accelerationStatus(
  host: Host,
  options: Pick<AccelerateOptions, 'engines' | 'state' | 'build'>,
): AccelerateStatus {
  const context = engineContext(host, options);
  const wanted = options.engines === 'found' ? accelerateEngines : options.engines.map(engineOf);
  const tree = treeStatus(host, context.tree);
  const engines = wanted.map((engine) => engineStatus(context, engine));
  const emulators = registeredEmulators(host);
  const warnings = warningsOf(host, tree, emulators);
  return { outcome: outcomeOf(engines, warnings), state: options.state, tree, engines, emulators, warnings };
}

function engineStatus(context: EngineContext, engine: AccelerateEngine): AcceleratedEngineStatus {
  const { host, state } = context;
  const { name } = engine;
  const found = engine.find(host);
  const enabled = isEnabled(context, name);
  const live = found.found ? engine.live(context) : undefined;
  const files = installedFiles(host, state).filter(({ feature }) => feature === featureOf(name));
  return {
    engine: name,
    found: found.found,
    ...(found.found ? { path: found.path, version: found.version } : { reason: found.reason }),
    enabled,
    ...(live === undefined ? {} : { live }),
    files: files.map(({ path, state: one }) => ({ path, state: one })),
    warnings: [
      ...files
        .filter((file) => file.state !== 'same')
        .map((file) => `${file.path} is ${file.state}; next: anyarch accelerate enable ${name}`),
      ...(enabled ? explaining(() => engine.warnings(context)) : leftovers(context, engine)),
    ],
  };
}

function leftovers(context: EngineContext, engine: AccelerateEngine): string[] {
  if (!hasFiles(context, engine.name)) return [];
  const said = engine.notes(context, 'disable');
  return said.length > 0
    ? [...said]
    : [`files of ours are left; next: anyarch accelerate disable ${engine.name}`];
}

function explaining(action: () => readonly string[]): readonly string[] {
  try {
    return action();
  } catch (error) {
    if (error instanceof AnyarchError) return [error.message];
    throw error;
  }
}

/** Of entries that are QEMU's by their names; the newest first, which the kernel prefers. */
function registeredEmulators(host: Host): readonly EmulatorStatus[] {
  const seen = new Set<string>();
  return readTable(host).entries.flatMap(({ name, entry }): EmulatorStatus[] => {
    const architecture = architectureInName(name);
    if (architecture === undefined || entry?.enabled !== true || seen.has(architecture)) return [];
    seen.add(architecture);
    const { interpreter } = entry;
    return [{ architecture, entry: name, interpreter, interposed: isInterposed(host, interpreter) }];
  });
}

function isInterposed({ files }: Pick<Host, 'files'>, path: string): boolean {
  return (
    ignoring(['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP', 'EISDIR'], () => {
      const size = files.status(path)?.size ?? 0;
      const source: ByteSource = { size, read: (offset, length) => files.readAt(path, offset, length) };
      return readPatch(source) !== undefined;
    }) === true
  );
}

function warningsOf(host: Host, tree: TreeStatus, emulators: readonly EmulatorStatus[]): string[] {
  const plain = emulators.filter(({ interposed }) => !interposed).map(({ architecture }) => architecture);
  return [
    ...(tree.present && tree.recipes > 0
      ? []
      : [
          `there are no native tools in ${tree.path}: everything is emulated; next: anyarch accelerate prepare`,
        ]),
    ...(plain.length > 0
      ? [
          `the registered emulator of ${plain.join(', ')} is a plain one, which looks for no tools; next: anyarch register ${plain.join(' ')}`,
        ]
      : []),
    ...(tree.present && hasSelinux(host)
      ? [
          `SELinux is on: containers read ${tree.path} only with a label of theirs; next: chcon -R -t container_file_t ${tree.path}`,
        ]
      : []),
  ];
}

/** A label that containers may read is not looked for: that takes an attribute that nothing here reads. */
function hasSelinux({ files }: Pick<Host, 'files'>): boolean {
  return files.status('/sys/fs/selinux/enforce') !== undefined;
}

function outcomeOf(
  engines: readonly AcceleratedEngineStatus[],
  warnings: readonly string[],
): AccelerateOutcome {
  const isWell = warnings.length === 0 && engines.every((one) => one.warnings.length === 0);
  if (isWell) return 'ok';
  return engines.some(({ enabled }) => enabled) ? 'partial' : 'ok';
}
