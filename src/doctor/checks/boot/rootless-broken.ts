import { readWantedTable, userStateDirectory } from '../../../private-table/index.ts';
import { rootlessStatus } from '../../../rootless/index.ts';
import { defineCheck } from '../../check.ts';
import { isAskedAbout } from '../../facts/asked-about.ts';
import { commandName } from '../../remedies/register.ts';

export const rootlessBroken = defineCheck({
  id: 'rootless-broken',
  question: 'Do engines without root, once enabled, have what was enabled?',
  severity: 'error',
  explanation:
    'The table of a rootless engine lives in its user namespace: "podman system migrate", the end of rootlesskit and a reboot take it away, and a hook, a drop-in or a service of anyarch makes it again. Where the emulator, the hook or a file of it is gone or changed, or the hook failed, foreign containers are "exec format error" from the next start on.',
  remedy: 'anyarch rootless enable ENGINE',
  symptoms: ['exec-format-error', 'registration-lost', 'run-as-script'],
  examine: async (examination) => {
    const { host } = examination;
    const state = userStateDirectory(host.system);
    if (readWantedTable(host, state) === undefined)
      return { status: 'skipped', reason: `no engine was enabled without root (${state})` };
    const status = await rootlessStatus(host, {
      engines: 'found',
      state,
      command: [process.execPath, process.argv[1] ?? 'anyarch'],
    });
    const enabled = status.engines.filter((one) => one.enabled);
    const problems = [
      ...status.warnings,
      ...enabled.flatMap(({ engine, warnings, architectures = [] }) => [
        // Which of ours was started makes no difference here.
        ...warnings
          .filter((warning) => !warning.includes('would be another by now'))
          .map((one) => `${engine}: ${one}`),
        ...architectures.flatMap(({ architecture, works }) =>
          works ? [] : [`${engine}: ${architecture} does not run in its namespace`],
        ),
      ]),
      ...(status.lastFailure?.errors.map(
        ({ message, code }) => `the last hook failed: ${message} [${code}]`,
      ) ?? []),
    ];
    const [first] = problems;
    if (first === undefined)
      return {
        status: 'ok',
        evidence: enabled.map(({ engine, table }) => `${engine}: ${table ?? 'enabled'}`),
      };
    const isAsked = isAskedAbout(examination, ['exec-format-error', 'registration-lost', 'run-as-script']);
    // `anyarch rootless status` says the same.
    const isSaid = [...status.warnings, ...enabled.flatMap(({ warnings }) => warnings)].some(
      (warning) => examination.message?.text.includes(warning) === true,
    );
    return {
      status: 'fault',
      severity: isAsked || isSaid ? 'error' : 'warning',
      certainty: isSaid ? 'proven' : 'likely',
      summary: first,
      evidence: problems,
      remedies: [
        {
          does: 'make its table and files again',
          command: [
            ...['anyarch', 'rootless', 'enable', ...enabled.map(({ engine }) => engine)],
            ...status.architectures.flatMap(({ architecture }) => ['-a', commandName(architecture)]),
          ],
          by: 'anyarch',
        },
      ],
    };
  },
});
