import { AnyarchError } from '../../core/error.ts';
import { shellWord } from '../../core/shell-word.ts';
import { keyFiles } from '../access/keys.ts';
import type { Login } from '../access/master.ts';
import type { Machine } from '../life/machine.ts';
import type { RunningMachine } from '../record.ts';

/** Whoever answers is not the guest that was made, or its key was changed from inside; the machine goes on running. */
export function otherHostKey(
  { record: { id, name }, places }: Machine,
  { sshPort }: Pick<RunningMachine, 'sshPort'>,
  { message }: Pick<Login, 'message'>,
): AnyarchError {
  const { knownHosts } = keyFiles(places);
  const fingerprint = /\b(SHA256:[A-Za-z0-9+/]+)/.exec(message)?.[1];
  const hasNone = message.includes('no matching host key');
  const accept = `ssh-keyscan -T 60 -t ed25519 -p ${sshPort} 127.0.0.1 | sed -n 's/^[[0-9][^ ]*/${id}/p' >${shellWord(knownHosts)}`;
  const inside = hasNone ? 'sudo ssh-keygen -A' : 'ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub';
  return new AnyarchError(
    'ANYARCH_MACHINE_HOST_KEY',
    hasNone
      ? `${name} has no ed25519 key to prove itself with, as it was made with`
      : `what answers for ${name} proves itself with another SSH key than it was made with${fingerprint === undefined ? '' : ` (${fingerprint})`}`,
    {
      hint: `look from inside: anyarch machine console ${name}, there ${inside} (a user with a password: create --password); if the guest's key was ${hasNone ? 'removed' : 'changed'} on purpose: ${accept}`,
      details: { name, ssh: message },
    },
  );
}
