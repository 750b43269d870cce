import { scriptTargets } from '../../core/templates/script-target.ts';
import type { Host } from '../../host/host.ts';
import { readTable, unregister } from '../../registration/index.ts';
import type { DialectOutcome } from '../dialect.ts';
import { removedNote } from '../removed-note.ts';
import { problemList, type Problem } from '../problem-list.ts';
import type { ScriptWish } from './options.ts';

/**
 * Removes the entries of the targets. What others made stays: a failure for who named it, and no more than a note for who
 * did not.
 *
 * @throws AnyarchError what concerns all of them
 */
export function clearTargets(host: Host, { targets, test }: ScriptWish): DialectOutcome {
  const names = targets.length > 0 ? targets : scriptTargets.map(({ name }) => name);
  const meant = new Set(names.flatMap((name) => [`qemu-${name}`, `anyarch-${name}`]));
  const entries = readTable(host)
    .entries.map(({ name }) => name)
    .filter((name) => meant.has(name));
  if (entries.length === 0) return { exitCode: 0, stdout: '', stderr: '' };
  const report = unregister(host, { architectures: 'all', entries, predecessors: true, dryRun: test });
  const { results } = report;
  const kept = results.filter(({ action }) => action === 'absent');
  const problems: Problem[] = results.flatMap(({ name = '', error }) =>
    error === undefined ? [] : [{ ...error, subject: name }],
  );
  const others = kept.map(({ name = '', reason }): Problem => ({
    subject: name,
    code: 'ANYARCH_ENTRY_OF_OTHERS',
    message: `kept: ${reason}`,
    hint: 'remove it with the tool that made it',
  }));
  const failures = targets.length > 0 ? [...problems, ...others] : problems;
  const notes =
    targets.length > 0 ? [] : others.map(({ subject, message }) => `anyarch: ${subject}: ${message}\n`);
  return {
    exitCode: failures.length === 0 ? 0 : failures.length < results.length ? 3 : 1,
    stdout: '',
    stderr: problemList(failures) + notes.join('') + removedNote(host, report),
  };
}
