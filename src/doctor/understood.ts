import { lookUpArchitecture } from '../core/architecture.ts';
import type { ReadMessage } from './message/read-message.ts';
import { symptoms } from './symptom.ts';

/** What a message was understood as, in one clause: `exec format error (ENOEXEC), from runc, about /usr/bin/uname, for arm64`. */
export function understood({ symptoms: found, tool, program, architectures }: ReadMessage): string {
  const [first, ...others] = found;
  if (first === undefined) return 'nothing in it is known to the doctor';
  const names = architectures.map((name) => lookUpArchitecture(name)?.debian[0] ?? name);
  return [
    symptoms[first],
    ...(tool === undefined ? [] : [`from ${tool}`]),
    ...(program === undefined ? [] : [`about ${program}`]),
    ...(names.length === 0 ? [] : [`for ${names.join(', ')}`]),
    ...others.map((symptom) => `also: ${symptoms[symptom]}`),
  ].join(', ');
}
