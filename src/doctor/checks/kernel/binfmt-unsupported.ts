import { defineCheck } from '../../check.ts';
import { severityIfWanted } from '../../facts/asked.ts';
import { kernelSupport } from '../../facts/kernel.ts';

const symptoms = ['exec-format-error', 'run-as-script', 'registration-refused'] as const;

export const binfmtUnsupported = defineCheck({
  id: 'binfmt-unsupported',
  question: 'Does the kernel have binfmt_misc?',
  severity: 'error',
  explanation:
    'Linux hands programs of other architectures to emulators with binfmt_misc, which a kernel can be built without (CONFIG_BINFMT_MISC): some of appliances, of containers\' hosts and of sandboxes such as gVisor are. Then nothing can be registered, and every foreign program ends with "exec format error".',
  remedy:
    'a kernel with CONFIG_BINFMT_MISC; until then programs are emulated one by one: anyarch exec PROGRAM, or in a virtual machine',
  symptoms,
  references: ['https://docs.kernel.org/admin-guide/binfmt-misc.html'],
  examine: (examination) => {
    const { isKnown, configured, module } = kernelSupport(examination);
    const { file, host } = examination;
    if (isKnown === undefined)
      return { status: 'unknown', reason: '/proc/filesystems cannot be read: is /proc mounted?' };
    if (isKnown) return { status: 'ok', evidence: ['/proc/filesystems lists binfmt_misc'] };
    if (module !== undefined)
      return { status: 'skipped', reason: `there is a module for it that is not loaded: ${module}` };
    if (configured?.as === 'm')
      return { status: 'skipped', reason: `${configured.file} says that it is a module` };
    return {
      status: 'fault',
      severity: severityIfWanted(examination, symptoms),
      certainty: 'proven',
      summary: `the kernel ${host.system.kernelRelease} has no binfmt_misc`,
      evidence: [
        '/proc/filesystems does not list binfmt_misc',
        configured === undefined
          ? `no configuration of the kernel and no module binfmt_misc is in /lib/modules/${host.system.kernelRelease}`
          : `${configured.file} ${configured.as === 'n' ? 'does not set CONFIG_BINFMT_MISC' : `says CONFIG_BINFMT_MISC=${configured.as}`}`,
      ],
      remedies: [
        file === undefined
          ? { does: 'run a program with its emulator by name: anyarch exec PROGRAM', by: 'user' }
          : {
              does: 'run the program with its emulator by name',
              command: ['anyarch', 'exec', file],
              by: 'user',
            },
        { does: 'boot a kernel that is built with CONFIG_BINFMT_MISC', by: 'user', needsRoot: true },
      ],
    };
  },
});
