import { describe, expect, it } from 'vitest';
import { readReports, recordHead } from './report.ts';

describe.each([true, false])('records, little-endian %s', (little) => {
  const words = (...values: number[]): Uint8Array => {
    const bytes = new Uint8Array(values.length * 4);
    const view = new DataView(bytes.buffer);
    values.forEach((value, index) => {
      view.setInt32(index * 4, value, little);
    });
    return bytes;
  };

  it('reads what the launcher and the program write', () => {
    const status = new DataView(recordHead('status', little).buffer).getInt32(0, little);
    const refusal = new DataView(recordHead('refusal', little).buffer).getInt32(0, little);
    expect(readReports(words(refusal, -2, 5, 13, status, 0x0700), little)).toEqual([
      { kind: 'refusal', errno: 2 },
      { kind: 'failure', step: 5, errno: 13 },
      { kind: 'status', status: 0x0700 },
    ]);
  });

  it('leaves out a torn record', () => {
    expect(readReports(words(5, 13).slice(0, 7), little)).toEqual([]);
  });
});
