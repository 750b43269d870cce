import type { WantedFile } from '../../installed-files/index.ts';
import { exportedState, origin, serviceName, serviceProgram, type ServiceOptions } from './place.ts';
import { shellWord } from './shell-word.ts';

/** @param services the directory that runsvdir(8) looks at */
export function runitFiles({ words, state }: ServiceOptions, services: string): WantedFile[] {
  const directory = `/etc/sv/${serviceName}`;
  const content = `#!/bin/sh
${origin}
${exportedState({ state })}exec ${[serviceProgram, 'watch', ...words].map(shellWord).join(' ')} 2>&1
`;
  return [
    { path: `${directory}/run`, content, mode: 0o755 },
    { path: `${services}/${serviceName}`, content: { link: directory } },
  ];
}
