import { parse, TomlError } from 'smol-toml';
import { AnyarchError } from '../../core/error.ts';
import { isRecord } from '../../core/json.ts';
import { decodeUtf8 } from '../../core/text.ts';
import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';
import { configurationFiles } from './place.ts';

/** What podman and buildah are told in the end, as far as it matters here. */
export interface ContainersConfiguration {
  /** With what is built in. */
  readonly hooksDirectories: readonly string[];
  /** By name: paths, of which the first that exists is taken. Only what files say, not what is built in. */
  readonly runtimes: ReadonlyMap<string, readonly string[]>;
  /** A name or a path; undefined where the engine chooses. */
  readonly runtime: string | undefined;
}

/** What is built in as hooks_dir (containers-common, pkg/config/default.go). Podman passes over what is not there. */
const builtInHooks = ['/usr/share/containers/oci/hooks.d'];

/**
 * Reads what they read, in their order.
 *
 * @param without paths that are left out
 * @throws AnyarchError ANYARCH_FILE for a file that is not TOML
 */
export function readConfiguration(
  host: Pick<Host, 'files' | 'system'>,
  without: ReadonlySet<string> = new Set(),
): ContainersConfiguration {
  let hooksDirectories: readonly string[] = builtInHooks;
  let appends = false;
  let runtime: string | undefined;
  const runtimes = new Map<string, readonly string[]>();
  for (const path of configurationFiles(host).filter((one) => !without.has(one))) {
    const engine = readEngine(host, path);
    const listed = textList(engine['hooks_dir']);
    if (listed !== undefined) {
      appends = listed.append ?? appends;
      hooksDirectories = appends ? [...hooksDirectories, ...listed.texts] : listed.texts;
    }
    if (typeof engine['runtime'] === 'string' && engine['runtime'] !== '') runtime = engine['runtime'];
    if (!isRecord(engine['runtimes'])) continue;
    for (const [name, value] of Object.entries(engine['runtimes'])) {
      const paths = textList(value);
      if (paths !== undefined) runtimes.set(name, paths.texts);
    }
  }
  return { hooksDirectories, runtimes, runtime };
}

/** The table `[engine]` of a file; empty where there is none. */
function readEngine({ files }: Pick<Host, 'files'>, path: string): Readonly<Record<string, unknown>> {
  const bytes = ignoring(['ENOENT', 'ENOTDIR', 'EACCES', 'EISDIR'], () => files.read(path));
  if (bytes === undefined) return {};
  try {
    const { engine } = parse(decodeUtf8(bytes));
    return isRecord(engine) ? engine : {};
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw new AnyarchError('ANYARCH_FILE', `${path}, line ${error.line}, is not TOML: ${firstLine(error)}`, {
      hint: 'repair it: podman and buildah cannot read it either',
      details: { path },
      cause: error,
    });
  }
}

/** Since containers-common 0.58 a list may end with `{ append = true }`, which later files inherit. */
function textList(
  value: unknown,
): { readonly texts: readonly string[]; readonly append: boolean | undefined } | undefined {
  if (!Array.isArray(value)) return undefined;
  const attribute: unknown = value.find(
    (one: unknown) => isRecord(one) && typeof one['append'] === 'boolean',
  );
  return {
    texts: value.filter((one: unknown): one is string => typeof one === 'string'),
    append: isRecord(attribute) ? attribute['append'] === true : undefined,
  };
}

function firstLine({ message }: Error): string {
  return message.split('\n')[0]?.replace(/^Invalid TOML document: /, '') ?? '';
}
