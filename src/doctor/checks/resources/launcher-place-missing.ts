import { launcherDirectories } from '../../../host/launcher-place.ts';
import { mountOf } from '../../../host/mounts.ts';
import { defineCheck } from '../../check.ts';
import { isAskedAbout } from '../../facts/asked-about.ts';

export const launcherPlaceMissing = defineCheck({
  id: 'launcher-place-missing',
  question: 'Is there a place from which programs may be executed?',
  severity: 'error',
  explanation:
    'anyarch run and rootless engines start a small program of anyarch from a directory of the user. Where the home directory, /tmp and /dev/shm are all mounted noexec, as hardened machines have them, it cannot be executed anywhere.',
  remedy: 'XDG_CACHE_HOME=DIRECTORY anyarch …, a directory on a file system without noexec',
  symptoms: ['permission-denied'],
  references: ['https://man7.org/linux/man-pages/man8/mount.8.html'],
  examine: (examination) => {
    const { host } = examination;
    const places = launcherDirectories(host.system).map((path) => ({ path, mount: mountOf(host, path) }));
    if (places.some(({ mount }) => mount === undefined))
      return { status: 'unknown', reason: '/proc/self/mountinfo cannot be read' };
    const isUsable = ({ mount }: (typeof places)[number]): boolean =>
      mount?.options.has('noexec') === false && !mount.options.has('ro');
    const shown = places.map(
      ({ path, mount }) =>
        `${path}: ${mount?.point ?? ''} is mounted ${[...(mount?.options ?? [])].filter((one) => ['noexec', 'ro', 'rw'].includes(one)).join(',')}`,
    );
    if (places.some(isUsable)) return { status: 'ok', evidence: shown };
    const isAsked = isAskedAbout(examination, ['permission-denied']);
    return {
      status: 'fault',
      severity: isAsked ? 'error' : 'warning',
      certainty: isAsked ? 'proven' : 'likely',
      summary: 'every directory that anyarch would execute its launcher from is noexec or read-only',
      evidence: shown,
      remedies: [
        {
          does: 'set XDG_CACHE_HOME to a directory of your own on a file system that is mounted without noexec',
          by: 'user',
        },
      ],
    };
  },
});
