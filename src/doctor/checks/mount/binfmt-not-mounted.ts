import { defineCheck } from '../../check.ts';

export const binfmtNotMounted = defineCheck({
  id: 'binfmt-not-mounted',
  question: 'Is binfmt_misc mounted?',
  severity: 'error',
  explanation:
    'Emulators are registered by writing to a file of the file system binfmt_misc, which is mounted at /proc/sys/fs/binfmt_misc. Where it is not, nothing can be registered or looked at; entries that were registered before stay in force.',
  remedy:
    'anyarch register ARCH, which mounts it, or: mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc',
  symptoms: ['exec-format-error', 'run-as-script', 'registration-refused'],
  references: ['https://docs.kernel.org/admin-guide/binfmt-misc.html'],
  examine: ({ host: { binfmt } }) => {
    const state = binfmt.state();
    if (state === 'unsupported') return { status: 'skipped', reason: 'the kernel does not know binfmt_misc' };
    if (state !== 'unmounted') return { status: 'ok', evidence: [`${binfmt.path} is ${state}`] };
    return {
      status: 'fault',
      severity: 'error',
      certainty: 'likely',
      summary: `nothing is mounted at ${binfmt.path}`,
      evidence: [`the kernel knows binfmt_misc, and ${binfmt.path} is of another file system`],
      remedies: [
        {
          does: 'mount it',
          command: ['mount', '-t', 'binfmt_misc', 'binfmt_misc', binfmt.path],
          by: 'user',
          needsRoot: true,
        },
      ],
    };
  },
});
