/** ECMA-119, 7.2.3 and 7.3.3: numbers stand there twice, little-endian and big-endian. */
export function bothEndian16(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, value, true);
  view.setUint16(2, value, false);
  return bytes;
}

export function bothEndian32(value: number): Uint8Array {
  if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff)
    throw new RangeError(`${value} does not fit into 32 bits`);
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, value, true);
  view.setUint32(4, value, false);
  return bytes;
}

/** ECMA-119, 9.1.5, in UTC. */
export function recordedTime(ms: number): Uint8Array {
  const time = checkedTime(ms);
  return Uint8Array.of(
    time.getUTCFullYear() - 1900,
    time.getUTCMonth() + 1,
    time.getUTCDate(),
    time.getUTCHours(),
    time.getUTCMinutes(),
    time.getUTCSeconds(),
    0,
  );
}

/** ECMA-119, 8.4.26.1: sixteen digits with hundredths of a second, and the zone, which is UTC. */
export function volumeTime(ms: number): Uint8Array {
  const digits = checkedTime(ms).toISOString().replaceAll(/\D/g, '').slice(0, 16);
  return Uint8Array.of(...Array.from(digits, (digit) => digit.charCodeAt(0)), 0);
}

/** Years are counted from 1900 in one byte. */
function checkedTime(ms: number): Date {
  const time = new Date(ms);
  const year = time.getUTCFullYear();
  if (!(year >= 1900 && year <= 2155)) throw new RangeError(`the time ${ms} has no place in ISO 9660`);
  return time;
}
