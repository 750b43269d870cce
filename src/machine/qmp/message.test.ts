import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseQmpMessage } from './message.ts';

describe('what QEMU says', () => {
  it('is a greeting with a version', () => {
    const line =
      '{"QMP": {"version": {"qemu": {"micro": 13, "minor": 0, "major": 10}, "package": "Debian"}, "capabilities": ["oob"]}}';
    expect(parseQmpMessage(line)).toEqual({ kind: 'greeting', version: '10.0.13' });
  });

  it('is a reply with its id', () => {
    expect(parseQmpMessage('{"return": {"status": "running"}, "id": 7}')).toEqual({
      kind: 'reply',
      id: 7,
      value: { status: 'running' },
    });
  });

  it('is a refusal, with an id or without', () => {
    const refusal = { kind: 'refusal', type: 'GenericError', text: 'no' };
    const error = '"error": {"class": "GenericError", "desc": "no"}';
    expect(parseQmpMessage(`{"id": 2, ${error}}`)).toEqual({ ...refusal, id: 2 });
    expect(parseQmpMessage(`{${error}}`)).toEqual({ ...refusal, id: undefined });
  });

  it('is an event', () => {
    expect(
      parseQmpMessage(
        '{"timestamp": {"seconds": 1, "microseconds": 2}, "event": "SHUTDOWN", "data": {"guest": true}}',
      ),
    ).toEqual({ kind: 'event', name: 'SHUTDOWN', data: { guest: true } });
  });

  it('is nothing else', () => {
    for (const line of [
      '',
      '[]',
      '{}',
      'null',
      '{"return": {}}',
      '{"error": {"class": 1}}',
      'SSH-2.0-OpenSSH',
    ])
      expect(parseQmpMessage(line)).toBeUndefined();
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (line) => void parseQmpMessage(line)));
  });
});
