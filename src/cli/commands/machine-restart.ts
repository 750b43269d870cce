import { defineCommand } from '../command.ts';
import { machineStart, machineStop } from './machine-life.ts';

const { force, timeout, 'never-force': neverForce } = machineStop.options;
const { wait, 'no-fetch': noFetch, mirror } = machineStart.options;

export const machineRestart = defineCommand({
  name: 'machine restart',
  summary: 'stop a machine, start it again, and wait until it can be used',
  description: `What "anyarch machine stop" and "anyarch machine start" do, one after the other: after a change of the kernel, or when the guest
hangs. A machine that does not run is started; one that was saved goes on where it was.`,
  positionals: [{ name: 'NAME', help: "the machine's name", required: true, complete: 'machine' }],
  options: { force, timeout, 'never-force': neverForce, wait, 'no-fetch': noFetch, mirror },
  examples: [
    { command: 'anyarch machine restart demo', does: 'switch it off and on' },
    { command: 'anyarch machine restart demo --force', does: 'as by pulling the plug: it hangs' },
  ],
});
