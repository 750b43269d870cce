import { defineCheck } from '../../check.ts';
import { severityIfWanted } from '../../facts/asked.ts';
import { kernelSupport } from '../../facts/kernel.ts';

const symptoms = ['exec-format-error', 'run-as-script', 'registration-refused'] as const;

export const binfmtModuleNotLoaded = defineCheck({
  id: 'binfmt-module-not-loaded',
  question: "Is the kernel's module binfmt_misc loaded?",
  severity: 'error',
  explanation:
    'Many distributions build binfmt_misc as a module, which is loaded when it is mounted for the first time. In a container, or after an update has removed the modules of the kernel that is still running, nobody can load it: then the mount fails with "unknown filesystem type" and every foreign program with "exec format error".',
  remedy: 'modprobe binfmt_misc; after an update of the kernel: a reboot',
  symptoms,
  references: ['https://docs.kernel.org/admin-guide/binfmt-misc.html'],
  examine: (examination) => {
    const { isKnown, configured, module } = kernelSupport(examination);
    if (isKnown === undefined) return { status: 'unknown', reason: '/proc/filesystems cannot be read' };
    if (isKnown) return { status: 'ok', evidence: ['/proc/filesystems lists binfmt_misc'] };
    if (module === undefined && configured?.as !== 'm')
      return { status: 'skipped', reason: 'nothing says that there is such a module' };
    const { kernelRelease } = examination.host.system;
    return {
      status: 'fault',
      severity: severityIfWanted(examination, symptoms),
      certainty: 'proven',
      summary: `the module binfmt_misc of the kernel ${kernelRelease} is not loaded`,
      evidence: [
        '/proc/filesystems does not list binfmt_misc',
        module ?? `${configured?.file ?? ''} says CONFIG_BINFMT_MISC=m`,
      ],
      remedies:
        module === undefined
          ? [
              {
                does: `reboot, or reinstall the modules of the kernel that is running: there is no binfmt_misc in /lib/modules/${kernelRelease}`,
                by: 'user',
                needsRoot: true,
              },
            ]
          : [{ does: 'load it', command: ['modprobe', 'binfmt_misc'], by: 'user', needsRoot: true }],
    };
  },
});
