import { AnyarchError } from '../error.ts';
import { quote } from '../text.ts';

/** An object of a document that came from outside, with its place in it for messages: `index.json: manifests[0]`. */
export interface Fields {
  readonly place: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** @throws AnyarchError ANYARCH_IMAGE_INVALID */
export function parseDocument(text: string, place: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalid(place, 'it is no JSON', error);
  }
  return asFields(value, place);
}

export function asFields(value: unknown, place: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid(place, 'an object was expected');
  return { place, values: value as Readonly<Record<string, unknown>> };
}

export function textField(fields: Fields, name: string): string {
  const text = optionalTextField(fields, name);
  if (text === undefined) throw invalid(fields.place, `${name} is missing`);
  return text;
}

export function optionalTextField({ place, values }: Fields, name: string): string | undefined {
  const value = values[name];
  // Go programs write what is not there in both ways.
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw invalid(place, `${name} is no string`);
  return value;
}

export function countField({ place, values }: Fields, name: string): number {
  const value = values[name];
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw invalid(place, `${name} is ${quote(String(value))} instead of a count`);
  return value;
}

export function listField({ place, values }: Fields, name: string): readonly unknown[] {
  const value = values[name] ?? [];
  if (!Array.isArray(value)) throw invalid(place, `${name} is no list`);
  return value;
}

export function textListField(fields: Fields, name: string): string[] {
  return listField(fields, name).map((item) => {
    if (typeof item !== 'string') throw invalid(fields.place, `${name} holds something else than strings`);
    return item;
  });
}

/** Undefined where there is none. */
export function textMapField(
  { place, values }: Fields,
  name: string,
): Readonly<Record<string, string>> | undefined {
  const value = values[name];
  if (value === undefined || value === null) return undefined;
  const map = asFields(value, `${place}: ${name}`);
  for (const key of Object.keys(map.values)) textField(map, key);
  return map.values as Readonly<Record<string, string>>;
}

export function invalid(place: string, what: string, cause?: unknown): AnyarchError {
  return new AnyarchError('ANYARCH_IMAGE_INVALID', `${place} cannot be used: ${what}`, { cause });
}
