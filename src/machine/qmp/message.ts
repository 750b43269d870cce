import { isRecord, parseJson } from '../../core/json.ts';

/** What QEMU says on its control socket (QEMU's docs/interop/qmp-spec.rst). */
export type QmpMessage =
  | { readonly kind: 'greeting'; readonly version: string }
  | { readonly kind: 'reply'; readonly id: number; readonly value: unknown }
  /** `id` is missing where QEMU could not read the command. */
  | {
      readonly kind: 'refusal';
      readonly id: number | undefined;
      readonly type: string;
      readonly text: string;
    }
  | QmpEvent;

export interface QmpEvent {
  readonly kind: 'event';
  /** `SHUTDOWN`, `STOP` … */
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** One line; undefined for what is no message: whoever writes to that socket is not QEMU. */
export function parseQmpMessage(line: string): QmpMessage | undefined {
  const value = parseJson(line);
  if (!isRecord(value)) return undefined;
  const { QMP: greeting, event, error, data, id } = value;
  if (isRecord(greeting)) return { kind: 'greeting', version: versionOf(greeting) };
  if (typeof event === 'string') return { kind: 'event', name: event, data: isRecord(data) ? data : {} };
  if (isRecord(error)) {
    const { class: type, desc: text } = error;
    if (typeof type !== 'string' || typeof text !== 'string') return undefined;
    return { kind: 'refusal', id: typeof id === 'number' ? id : undefined, type, text };
  }
  if (!('return' in value) || typeof id !== 'number') return undefined;
  return { kind: 'reply', id, value: value['return'] };
}

function versionOf({ version }: Record<string, unknown>): string {
  const qemu = isRecord(version) ? version['qemu'] : undefined;
  if (!isRecord(qemu)) return '';
  const { major, minor, micro } = qemu;
  return [major, minor, micro].map((part) => (typeof part === 'number' ? part : 0)).join('.');
}
