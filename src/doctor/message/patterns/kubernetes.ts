import type { ToolPatterns } from '../message-pattern.ts';

/** kubelet's and kubectl's words; the errno stands in the container's log. */
export const kubernetes: ToolPatterns = {
  tool: 'kubernetes',
  patterns: [
    {
      line: /failed to exec in container|failed to start container .*exec format error|RunContainerError.*exec format error/,
      symptoms: ['exec-format-error'],
      examples: ['Warning Failed kubelet Error: failed to start container "x": exec format error'],
    },
    {
      line: /(?:ErrImagePull|ImagePullBackOff|Failed to pull image).*no match for platform/,
      symptoms: ['wrong-platform'],
      precision: 'exact',
      examples: [
        'Failed to pull image "x": rpc error: code = NotFound desc = no match for platform in manifest: not found',
      ],
    },
    {
      line: /CrashLoopBackOff|Back-off restarting failed container|ErrImagePull|ImagePullBackOff|\bkubelet\b/,
      symptoms: [],
      precision: 'vague',
      examples: ['0/1 CrashLoopBackOff 5 (12s ago)'],
    },
  ],
};
