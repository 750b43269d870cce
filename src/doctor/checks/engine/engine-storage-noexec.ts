import { defineCheck } from '../../check.ts';
import { engineProbe } from '../../facts/engines/engine-probe.ts';
import { engineTitle } from '../../facts/engines/engines.ts';
import { engineStorages, isNoexec } from '../../facts/engines/noexec-storage.ts';

export const engineStorageNoexec = defineCheck({
  id: 'engine-storage-noexec',
  question: "May programs be executed from the engine's storage?",
  severity: 'error',
  explanation:
    'The engine keeps its images on a file system that is mounted noexec, as hardened machines mount /var, /home or /tmp. With the storage driver vfs every program of a container then fails with "permission denied", native ones, too.',
  remedy: 'mount -o remount,exec DIR, or another graphroot (storage.conf) or data-root (daemon.json)',
  symptoms: ['permission-denied'],
  scopes: ['docker', 'podman', 'buildah'],
  examine: async (examination) => {
    const seen = engineStorages(examination);
    const bad = seen.find(isNoexec);
    if (seen.length === 0) return { status: 'skipped', reason: 'no engine tells where its storage is' };
    if (bad === undefined)
      return {
        status: 'ok',
        evidence: seen.map(
          ({ engine, mount }) => `${engineTitle(engine)} keeps its storage below ${mount.point}`,
        ),
      };
    const probe = await engineProbe(examination);
    const isProven = probe?.engine === bad.engine && probe.native.kind === 'refused';
    // Overlays are mounts of their own, without the flag of what is below them.
    const matters = isProven || bad.storage.driver === 'vfs';
    return {
      status: 'fault',
      severity: matters ? 'error' : 'note',
      certainty: isProven ? 'proven' : 'likely',
      summary: `the storage of ${bad.engine.name}, ${bad.storage.root}, is on ${bad.mount.point}, which is mounted noexec`,
      evidence: [
        `/proc/self/mountinfo: ${bad.mount.source} at ${bad.mount.point} (${bad.mount.type}) is mounted noexec`,
        `storage driver: ${bad.storage.driver}`,
        ...(probe?.native.kind === 'refused'
          ? [`a native program in a container of its: ${probe.native.said}`]
          : []),
      ],
      remedies: [
        {
          does: 'allow execution there',
          command: ['mount', '-o', 'remount,exec', bad.mount.point],
          by: 'user',
          needsRoot: true,
        },
        { does: 'move the storage: graphroot in storage.conf, data-root in daemon.json', by: 'user' },
      ],
    };
  },
});
