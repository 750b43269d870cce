import type { PlannedTool } from '../plan/plan-tools.ts';
import type { SelfTestResult } from '../self-test/index.ts';
import type { PreparedTool } from './report.ts';

export function plannedTool({ name, guest, host }: PlannedTool, test?: SelfTestResult): PreparedTool {
  return {
    name,
    guestPath: `/${guest.path}`,
    guestPackage: `${guest.package.name} ${guest.package.version}`,
    hostPackage: `${host.package.name} ${host.package.version}`,
    emulatedMs: test?.emulatedMs,
    nativeMs: test?.nativeMs,
  };
}
