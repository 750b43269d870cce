import { quickjsHost } from '../../../../src/host/quickjs/quickjs-host.ts';
import { runParityCases } from './cases.ts';

kernel.writeAll(1, JSON.stringify(runParityCases(quickjsHost())));
kernel.exit(0);
