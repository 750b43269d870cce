import { hasTablePerNamespace } from '../../../registration/index.ts';
import { defineCheck } from '../../check.ts';

export const kernelWithoutOwnTables = defineCheck({
  id: 'kernel-without-own-tables',
  question: 'Can each user namespace have a binfmt_misc table of its own (Linux 6.7 or later)?',
  severity: 'error',
  explanation:
    'Since Linux 6.7 every user can register emulators for the own containers, without root. Before, there is one table for the whole machine: anyarch run and anyarch rootless are not possible, and what a container registers counts for everybody.',
  remedy: 'sudo anyarch register ARCH for the whole machine, or a kernel of version 6.7 or later',
  symptoms: ['namespace-refused', 'registration-refused'],
  references: ['https://git.kernel.org/torvalds/c/21ca59b365c091d583f36ac753eaa8baf947be6f'],
  examine: ({ host: { system }, message }) => {
    if (hasTablePerNamespace(system.kernelRelease))
      return { status: 'ok', evidence: [`Linux ${system.kernelRelease}`] };
    const isWanted = message !== undefined && /\b6\.7\b/.test(message.text);
    return {
      status: 'fault',
      severity: isWanted ? 'error' : 'note',
      certainty: isWanted ? 'proven' : 'possible',
      summary: `Linux ${system.kernelRelease} has one table for all users, and only root may register`,
      evidence: [`uname -r: ${system.kernelRelease}; tables of user namespaces came with 6.7`],
      remedies: [
        {
          does: 'register as root, for the whole machine: sudo anyarch register ARCH',
          by: 'user',
          needsRoot: true,
        },
        { does: 'boot a kernel of version 6.7 or later', by: 'user', needsRoot: true },
      ],
    };
  },
});
