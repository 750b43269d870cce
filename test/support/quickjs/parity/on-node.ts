import { writeSync } from 'node:fs';
import { nodeHost } from '../../../../src/host/node/node-host.ts';
import { runParityCases } from './cases.ts';

writeSync(1, JSON.stringify(runParityCases(nodeHost())));
