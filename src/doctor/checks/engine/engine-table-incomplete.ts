import { defineCheck } from '../../check.ts';
import type { Examination } from '../../examination.ts';
import { architecturesToTry } from '../../facts/engines/engine-probe.ts';
import { engineTables, type EngineTable } from '../../facts/engines/engine-table.ts';
import { engineTitle, namedEngine } from '../../facts/engines/engines.ts';
import { tableStatus } from '../../facts/status.ts';
import { commandName } from '../../remedies/register.ts';
import type { Verdict } from '../../verdict.ts';

export const engineTableIncomplete = defineCheck({
  id: 'engine-table-incomplete',
  question: "Has a rootless engine's own table what its containers need?",
  severity: 'error',
  explanation:
    "Since Linux 6.7 each user namespace can have a binfmt_misc table of its own, which hides the host's: a container that mounted it once, or a registering image that was run without root, leaves the engine's namespace with an empty or an incomplete one until that namespace ends. What the host has registered is then of no use in there.",
  remedy: 'anyarch rootless enable podman -a ARCH',
  symptoms: ['exec-format-error', 'run-as-script', 'registration-lost'],
  scopes: ['docker', 'podman'],
  references: ['https://github.com/tonistiigi/binfmt/issues/261'],
  examine: (examination) => {
    const tables = engineTables(examination);
    if (tables.length === 0)
      return {
        status: 'skipped',
        reason: 'no rootless engine has a user namespace now that can be looked at',
      };
    const verdicts = tables.map((one) => verdictOf(examination, one));
    return (
      verdicts.find(({ status }) => status === 'fault') ?? verdicts[0] ?? { status: 'skipped', reason: '' }
    );
  },
});

function verdictOf(examination: Examination, { engine, table }: EngineTable): Verdict {
  const { whose, process, status } = table;
  const where = `containers of ${engineTitle(engine)} are in the user namespace of process ${process.pid} (${process.command})`;
  if (whose === 'host') return { status: 'ok', evidence: [where, "the host's table is in force there"] };
  const proven = (report: typeof status): string[] =>
    report.entries.flatMap(({ architecture, proof }) =>
      architecture !== undefined && proof?.status === 'proven' ? [architecture] : [],
    );
  const there = proven(status);
  const here = proven(tableStatus(examination));
  const missing = architecturesToTry(examination).filter((one) => !there.includes(one));
  const evidence = [
    where,
    `the table in force there is ${whose === 'unmounted' ? 'an empty one' : 'its own'}, with ${there.length === 0 ? 'no entry that works' : there.map(commandName).join(', ')}`,
    ...(here.length === 0 ? [] : [`here ${here.map(commandName).join(', ')} work`]),
    ...table.warnings.map(({ message }) => message),
  ];
  const [first] = missing;
  if (first === undefined) return { status: 'ok', evidence };
  const isNamed = namedEngine(examination) === engine.name;
  const names = missing.map(commandName);
  return {
    status: 'fault',
    severity: isNamed ? 'error' : 'note',
    certainty: isNamed ? 'proven' : 'possible',
    summary: `${engine.name} of this user has a table of its own, which lacks ${names.join(', ')}`,
    evidence,
    architectures: missing,
    remedies: [
      {
        does: 'have it registered in there, now and whenever the namespace is made again',
        command: ['anyarch', 'rootless', 'enable', engine.name, ...names.flatMap((name) => ['-a', name])],
        by: 'anyarch',
      },
    ],
  };
}
