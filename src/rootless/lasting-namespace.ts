import { AnyarchError } from '../core/error.ts';
import type { EngineContext, EngineName, EngineStatus, RootlessEngine } from './engine.ts';

/** Engines that keep namespaces between commands; a table in one stays until it ends, and hides the host's. */
const lasting: ReadonlySet<EngineName> = new Set(['podman', 'docker']);

/** What is in force in its namespace, where that has a table of its own; undefined where it has none, or nothing runs. */
export async function ownTableOf(
  context: EngineContext,
  engine: RootlessEngine,
): Promise<EngineStatus | undefined> {
  if (!lasting.has(engine.name)) return undefined;
  try {
    const status = await engine.status(context);
    return status.table === 'private' ? status : undefined;
  } catch (error) {
    if (!(error instanceof AnyarchError)) throw error;
    context.host.log.debug(`${engine.name}: ${error.message}`);
    return undefined;
  }
}

/** How such a table is got rid of. */
export function endOf({ name }: Pick<RootlessEngine, 'name'>): string {
  return name === 'podman'
    ? 'podman system migrate (it stops containers that run)'
    : 'systemctl --user restart docker';
}
