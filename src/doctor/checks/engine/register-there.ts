import type { AnsweringEngine } from '../../facts/engines/found-engine.ts';
import { commandName } from '../../remedies/register.ts';
import type { Remedy } from '../../verdict.ts';

/**
 * Registers under the kernel that an engine's containers have. Our image is in no registry that the engine would ask, so it is made and
 * loaded first.
 *
 * @param architectures QEMU's target names; empty: none is known
 */
export function registerThere(
  { name, rootless }: AnsweringEngine,
  architectures: readonly string[],
): [Remedy, ...Remedy[]] {
  const names = architectures.map(commandName);
  const words = names.length === 0 ? 'ARCH' : names.join(' ');
  const there: Remedy = {
    does: rootless
      ? `on that machine: "anyarch rootless enable ${name} -a ${names.length === 0 ? 'ARCH' : names.join(' -a ')}", as the user of the engine`
      : `on that machine: "anyarch register ${words}", as root`,
    by: 'user',
  };
  // What is privileged in the namespace of a user registers for that namespace only, and ends with the container.
  if (rootless) return [there];
  const make = `anyarch image build --format docker-archive -t latest -o "$d/anyarch.tar"`;
  const container: Remedy = {
    does: 'register where the engine is, by a container of it',
    command: [
      'sh',
      '-ec',
      // One machine's platform: the daemon's, which need not be this one's.
      `d=$(mktemp -d); ${make} --platform "$(${platformCommand(name)})"${names.map((one) => ` -a ${one}`).join('')}; ` +
        `${name} load -i "$d/anyarch.tar"; rm -r "$d"; ${name} run --rm --privileged anyarch register ${words}`,
    ],
    by: 'user',
  };
  return names.length === 0 ? [there] : [container, there];
}

function platformCommand(name: AnsweringEngine['name']): string {
  return name === 'docker'
    ? "docker version --format '{{.Server.Os}}/{{.Server.Arch}}'"
    : "podman info --format '{{.Version.OsArch}}'";
}
