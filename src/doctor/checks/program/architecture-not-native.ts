import { lookUpArchitecture, sameFamily } from '../../../core/architecture.ts';
import { defineCheck } from '../../check.ts';
import { broadEntries } from '../../facts/broad-entries.ts';
import { concernedArchitectures } from '../../facts/concerned.ts';
import { entriesInForce } from '../../facts/entries-in-force.ts';
import { tableStatus } from '../../facts/status.ts';
import { registerRemedy } from '../../remedies/register.ts';

export const architectureNotNative = defineCheck({
  id: 'architecture-not-native',
  question: 'Does the machine run the older programs of its own kind?',
  severity: 'error',
  explanation:
    'Many arm64 processors (Apple, Neoverse, Cortex-A510 and later) cannot run 32-bit arm programs, and kernels for x86-64 may be built without those for i386. Tools that go by uname believe they can. It is found out by executing a tiny program; where it does not run, it has to be emulated as any foreign one.',
  remedy: 'anyarch register armhf (or i386)',
  symptoms: ['exec-format-error', 'run-as-script', 'illegal-instruction'],
  examine: (examination) => {
    const { native } = tableStatus(examination);
    const { machine } = examination.host.system;
    const own = lookUpArchitecture(machine);
    if (own === undefined || native.length === 0)
      return { status: 'unknown', reason: `it could not be found out what this machine (${machine}) runs` };
    const entries = entriesInForce(examination);
    const relatives = concernedArchitectures(examination).filter((name) => {
      const one = lookUpArchitecture(name);
      return one !== undefined && one !== own && sameFamily(one, own) && !native.includes(name);
    });
    const hidden = broadEntries(examination).filter(({ hides }) =>
      relatives.some((one) => hides.includes(one)),
    );
    if (hidden.length > 0)
      return {
        status: 'unknown',
        reason: `the entry ${hidden.map(({ name }) => name).join(', ')} takes whatever program shows it`,
      };
    const lacking = relatives.filter((name) => !entries.some(({ architecture }) => architecture === name));
    if (lacking.length === 0)
      return { status: 'ok', evidence: [`this machine (${machine}) runs by itself: ${native.join(', ')}`] };
    return {
      status: 'fault',
      severity: 'error',
      certainty: 'proven',
      summary: `this machine is ${own.name}, and does not run programs for ${lacking.join(', ')} by itself`,
      evidence: [
        `a tiny program for ${lacking.join(', ')} was executed and did not run`,
        `it runs by itself: ${native.join(', ')}`,
      ],
      remedies: [registerRemedy(lacking, 'have them emulated')],
      architectures: lacking,
    };
  },
});
