import { quote } from '../../core/text.ts';
import type { Host } from '../../host/host.ts';
import { ensureMounted, unregister } from '../../registration/index.ts';
import type { Dialect, DialectOutcome } from '../dialect.ts';
import { problemList, type Problem } from '../problem-list.ts';
import { removedNote } from '../removed-note.ts';
import { exportTemplates } from './export-templates.ts';
import { readWish } from './options.ts';
import { registerTargets } from './register-targets.ts';
import { withTableBelow } from './table-below.ts';
import { usageText } from './usage.ts';

/**
 * The command line of multiarch/qemu-user-static and alekitto/qemu-user-static: `--reset` and the options of QEMU's
 * qemu-binfmt-conf.sh.
 *
 * @throws AnyarchError ANYARCH_USAGE, ANYARCH_UNKNOWN_ARCHITECTURE, and what registering and exporting throw
 */
export const multiarch: Dialect = ({ host, words }) => {
  const { environment } = host.system;
  const wish = readWish(words, environment);
  if (wish.help) return { exitCode: 0, stdout: usageText(), stderr: '' };
  const inside = withTableBelow(host, environment['PROC_PREFIX'] ?? '');
  const { templates } = wish;
  const outcome =
    templates === undefined
      ? registerTargets(inside, wish)
      : afterReset(inside, wish.reset, () => exportTemplates(inside, wish, templates));
  const notes = wish.ignored.map((word) => `anyarch: ${quote(word)} means nothing here and is ignored\n`);
  return { ...outcome, stderr: notes.join('') + outcome.stderr };
};

/** The predecessor resets before it looks at anything else. */
function afterReset(host: Host, reset: boolean, exporting: () => DialectOutcome): DialectOutcome {
  if (!reset) return exporting();
  ensureMounted(host);
  const report = unregister(host, { architectures: 'all', predecessors: true });
  const { results } = report;
  const problems = results.flatMap(({ name, error }): Problem[] =>
    error === undefined ? [] : [{ ...error, subject: name ?? 'binfmt_misc' }],
  );
  const outcome = exporting();
  return {
    ...outcome,
    exitCode: problems.length === 0 ? outcome.exitCode : 3,
    stderr: problemList(problems) + removedNote(host, report) + outcome.stderr,
  };
}
