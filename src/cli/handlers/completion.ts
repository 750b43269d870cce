import type { Handler } from '../command.ts';
import type { completion } from '../commands/completion.ts';
import { bashScript } from './completion-bash.ts';
import { fishScript } from './completion-fish.ts';

export const handleCompletion: Handler<(typeof completion)['options']> = ({ positionals }) => {
  const shell = positionals[0] === 'zsh' || positionals[0] === 'fish' ? positionals[0] : 'bash';
  const text = scripts[shell]();
  return { exitCode: 0, text, document: { schema: 'anyarch/completion/1', name: shell, text } };
};

const scripts: Readonly<Record<'bash' | 'zsh' | 'fish', () => string>> = {
  bash: bashScript,
  fish: fishScript,
  zsh: () => `autoload -U +X bashcompinit && bashcompinit\n${bashScript()}`,
};
