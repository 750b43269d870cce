import type { ToolPatterns } from '../message-pattern.ts';

/** Cargo and programs in Rust. */
export const rust: ToolPatterns = {
  tool: 'rust',
  patterns: [
    {
      line: /\(os error 8\)/,
      symptoms: ['exec-format-error'],
      precision: 'exact',
      examples: [
        'error: could not execute process `target/aarch64-unknown-linux-gnu/debug/x` (never executed)  Exec format error (os error 8)',
      ],
    },
    {
      line: /could not execute process `(?<program>[^`\s]+)/,
      symptoms: [],
      examples: ['error: could not execute process `target/debug/x` (never executed)'],
    },
    {
      line: /\(signal: (?:11, SIGSEGV|6, SIGABRT)/,
      symptoms: ['guest-crash'],
      precision: 'exact',
      examples: [
        "process didn't exit successfully: `rustc -vV` (signal: 11, SIGSEGV: invalid memory reference)",
      ],
    },
    {
      line: /\(signal: 4, SIGILL/,
      symptoms: ['illegal-instruction'],
      precision: 'exact',
      examples: ["process didn't exit successfully: `rustc -vV` (signal: 4, SIGILL: illegal instruction)"],
    },
  ],
};
