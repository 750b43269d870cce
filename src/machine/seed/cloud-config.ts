/** A value of YAML 1.1 as cloud-init reads it. */
export type CloudValue =
  | string
  | number
  | boolean
  | null
  | Date
  | Uint8Array
  | readonly CloudValue[]
  | { readonly [key: string]: CloudValue };

/** What follows `#cloud-config`. */
export type CloudConfig = Readonly<Record<string, CloudValue>>;

export function isMapping(value: CloudValue | undefined): value is CloudConfig {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Date) &&
    !(value instanceof Uint8Array)
  );
}

export function isList(value: CloudValue | undefined): value is readonly CloudValue[] {
  return Array.isArray(value);
}
