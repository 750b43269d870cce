import { isRecord } from '../core/json.ts';
import { decodeUtf8, encodeUtf8 } from '../core/text.ts';
import type { Host } from '../host/host.ts';
import { SystemError } from '../host/system-error.ts';
import type { ChooseHost } from './choose.ts';

/** What a file printed when it was asked for its version, and what the file was then. */
interface KnownAnswer {
  readonly inode: number;
  readonly size: number;
  readonly modifiedMs: number;
  readonly stdout: string;
}

/**
 * Lets `choose` look for emulators on a host that answers `--version` for files that have been asked before: executing
 * a machine's forty emulators takes longer than all the rest of a run. A file is asked again when it is another one, or
 * has another size or time.
 *
 * @param state directory whose `answers.json` is kept for the next command; where it cannot be written, only time is lost
 */
export function withKnownAnswers<T>(
  host: Pick<Host, 'files' | 'processes' | 'system'>,
  state: string,
  choose: (host: ChooseHost) => T,
): T {
  const { files } = host;
  const path = `${state}/answers.json`;
  const known = readAnswers(files, path);
  const used = new Map<string, KnownAnswer>();
  const fresh = new Set<string>();
  const result = choose({
    ...host,
    processes: {
      run: (command, options) => {
        const [program = '', ...words] = command;
        const status = words.join(' ') === '--version' ? files.status(program) : undefined;
        if (status === undefined) return host.processes.run(command, options);
        const { inode, size, modifiedMs } = status;
        const before = known.get(program);
        if (before?.inode === inode && before.size === size && before.modifiedMs === modifiedMs) {
          used.set(program, before);
          return { ...answered, command, stdout: before.stdout };
        }
        const answer = host.processes.run(command, options);
        if (answer.exitCode === 0 && answer.stdout.length < 2000) {
          used.set(program, { inode, size, modifiedMs, stdout: answer.stdout });
          fresh.add(program);
        }
        return answer;
      },
    },
  });
  if (fresh.size > 0) writeAnswers(files, state, path, used);
  return result;
}

const answered = {
  exitCode: 0,
  signal: undefined,
  startError: undefined,
  timedOut: false,
  stderr: '',
  durationMs: 0,
} as const;

/** What is damaged or of another version tells nothing. */
function readAnswers(files: Host['files'], path: string): ReadonlyMap<string, KnownAnswer> {
  try {
    const document: unknown = JSON.parse(decodeUtf8(files.read(path)));
    if (!isRecord(document) || document['schema'] !== 1 || !isRecord(document['files'])) return new Map();
    return new Map(
      Object.entries(document['files']).filter((entry): entry is [string, KnownAnswer] => isKnown(entry[1])),
    );
  } catch (error) {
    if (error instanceof SystemError || error instanceof SyntaxError) return new Map();
    throw error;
  }
}

/** Of what was looked at this time: the rest may be gone. */
function writeAnswers(
  files: Host['files'],
  state: string,
  path: string,
  answers: ReadonlyMap<string, KnownAnswer>,
): void {
  try {
    files.makeDirectory(state, 0o755);
    const document = { schema: 1, files: Object.fromEntries(answers) };
    files.writeAtomic(path, encodeUtf8(`${JSON.stringify(document)}\n`), 0o644);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
  }
}

function isKnown(value: unknown): value is KnownAnswer {
  return (
    isRecord(value) &&
    ['inode', 'size', 'modifiedMs'].every((name) => typeof value[name] === 'number') &&
    typeof value['stdout'] === 'string'
  );
}
