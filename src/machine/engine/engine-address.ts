import type { MachineSockets } from '../life/sockets.ts';
import type { MachineEngine } from './engine-setup.ts';

/** How the host's clients reach a machine's engine, for people to copy. */
export interface EngineAddress {
  /** What DOCKER_HOST, and podman's CONTAINER_HOST, are to be: docker's clients work with podman's socket, too. */
  readonly url: string;
  /** Commands that show that it works. */
  readonly examples: readonly string[];
}

export function engineAddress(
  engine: MachineEngine,
  { engine: socket }: Pick<MachineSockets, 'engine'>,
): EngineAddress {
  const url = `unix://${socket}`;
  return {
    url,
    examples: [
      ...(engine === 'podman' ? [`podman --url ${url} info`] : []),
      `DOCKER_HOST=${url} docker info`,
    ],
  };
}
