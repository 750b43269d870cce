import type { ToolPatterns } from '../message-pattern.ts';

/** What people type who have no message: `doctor --error "npm install hangs"`. */
export const people: ToolPatterns = {
  tool: undefined,
  patterns: [
    {
      line: /\b(?:hangs?|hanging|stuck|freezes|frozen|no progress|never (?:ends|finishes|returns))\b/i,
      symptoms: ['guest-hang'],
      examples: ['npm install hangs', 'the build is stuck'],
    },
    {
      line: /exit (?:code|status):? 124\b/i,
      symptoms: ['guest-hang'],
      examples: ['exit code: 124'],
    },
    {
      line: /\b(?:very |so |too |really )?slow(?:ly|er)?\b|takes (?:hours|forever)/i,
      symptoms: ['slow'],
      precision: 'vague',
      examples: ['it works but is very slow'],
    },
    {
      line: /\b(?:no output|prints nothing|runs nothing|does nothing|nothing happens|ends with 0)\b/i,
      symptoms: ['runs-nothing'],
      examples: ['podman run ends with 0 and no output'],
    },
    {
      line: /\b(?:after|since)\b.*\b(?:reboot|restart)|\bis gone\b|\bdisappeared?\b|\bstopped working\b/i,
      symptoms: ['registration-lost'],
      examples: ['it does not work any more after a reboot'],
    },
  ],
};
