import type { Host } from '../host/host.ts';
import type { ReadMessage } from './message/read-message.ts';
import type { Scope } from './scopes.ts';

/** What is asked of the doctor, and of which machine. Checks look at the machine through facts/, which are looked up once. */
export interface Examination {
  readonly host: Host;
  /** Undefined: the machine, and in passing each engine that is found on it. */
  readonly scope: Scope | undefined;
  /** An image's reference, as the engine of the scope knows it. */
  readonly image: string | undefined;
  /** The absolute path of a program that does not run. */
  readonly file: string | undefined;
  /** The root file system that the program runs in; `/` unless said otherwise. */
  readonly root: string;
  /** What a tool printed. */
  readonly message: ReadMessage | undefined;
  /** Advisories of little confidence count, too. */
  readonly strict: boolean;
}

/** A fact, looked up once an examination by whichever check asks for it first. An error is kept, too, and thrown to each. */
export function fact<T>(look: (examination: Examination) => T): (examination: Examination) => T {
  const known = new WeakMap<Examination, { readonly value: T } | { readonly error: unknown }>();
  return (examination) => {
    const found = known.get(examination) ?? lookUp(look, examination);
    known.set(examination, found);
    if ('error' in found) throw found.error;
    return found.value;
  };
}

function lookUp<T>(
  look: (examination: Examination) => T,
  examination: Examination,
): { readonly value: T } | { readonly error: unknown } {
  try {
    return { value: look(examination) };
  } catch (error) {
    return { error };
  }
}
