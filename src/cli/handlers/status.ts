import { status as readStatus } from '../../registration/index.ts';
import type { Handler } from '../command.ts';
import type { status } from '../commands/status.ts';
import { statusOutcome } from '../reports/status.ts';

export const handleStatus: Handler<(typeof status)['options']> = ({ options, context }) =>
  statusOutcome(readStatus(context.host, { probe: options.probe === true }), context.terminal.style);
