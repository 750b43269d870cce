import { defineConfig } from 'vitest/config';

/**
 * What is tested there is not what an emulator has inside, and each test has a state directory of its own, for which
 * interposed ones would be made: tests that want them say ANYARCH_PLAIN=0.
 */
const plain = { ANYARCH_PLAIN: '1' };

export default defineConfig({
  test: {
    setupFiles: ['./test/matchers.ts'],
    // By default one processor is left for others.
    maxWorkers: '100%',
    projects: [
      {
        extends: true,
        // A process of its own for each of so many files would cost more than what they test.
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'bench/**/*.test.ts', 'scripts/**/*.test.mjs'],
          isolate: false,
          setupFiles: ['./test/leaves-no-trace.ts'],
        },
      },
      {
        extends: true,
        // Real kernel, private user namespaces: nothing here touches the host table.
        test: {
          name: 'kernel',
          env: plain,
          include: ['test/kernel/**/*.test.ts'],
          setupFiles: ['./test/support/end-with-parent.ts'],
          globalSetup: ['./test/support/setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        // Guests from Debian's packages, in private namespaces: nothing here touches the host table. Each compiles something.
        test: {
          name: 'accelerate',
          include: ['test/accelerate/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 600_000,
          setupFiles: ['./test/support/end-with-parent.ts'],
          globalSetup: ['./test/accelerate/setup.ts'],
        },
      },
      {
        extends: true,
        // Each fault made on a real kernel with a private table, told to the doctor, and repaired; one file at a time.
        test: {
          name: 'faults',
          env: plain,
          include: ['test/faults/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 600_000,
          fileParallelism: false,
          setupFiles: ['./test/support/end-with-parent.ts'],
          globalSetup: ['./test/e2e/setup.ts'],
        },
      },
      {
        extends: true,
        // The same with engines, the host's table, or no user namespace around: one file at a time.
        test: {
          name: 'host-faults',
          env: plain,
          include: ['test/faults/host/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 600_000,
          fileParallelism: false,
          setupFiles: ['./test/support/end-with-parent.ts'],
          globalSetup: ['./test/e2e/setup.ts'],
        },
      },
      {
        extends: true,
        // Machines of ours, of every architecture, one file at a time: verify:machines runs them, which takes its time.
        test: {
          name: 'machines',
          env: plain,
          include: ['test/machines/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 1_800_000,
          fileParallelism: false,
          setupFiles: ['./test/support/end-with-parent.ts'],
          globalSetup: ['./test/e2e/setup.ts'],
        },
      },
      {
        extends: true,
        // A virtual machine as the host of anyarch, which is rebooted.
        test: {
          name: 'machine-host',
          env: plain,
          include: ['test/machines/host/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 1_200_000,
          fileParallelism: false,
          setupFiles: ['./test/support/end-with-parent.ts'],
          globalSetup: ['./test/e2e/setup.ts'],
        },
      },
      {
        extends: true,
        // Machines of ours that go on from the snapshot of one that has booted, whose image takes minutes to make.
        test: {
          name: 'machine-life',
          env: plain,
          include: ['test/machines/life/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 1_800_000,
          fileParallelism: false,
          setupFiles: ['./test/support/end-with-parent.ts'],
          globalSetup: ['./test/e2e/setup.ts'],
        },
      },
      {
        extends: true,
        // Real engines of unprivileged users, which share those users: one file at a time. The host table is looked at only.
        test: {
          name: 'rootless',
          env: plain,
          include: ['test/rootless/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 600_000,
          fileParallelism: false,
          setupFiles: ['./test/support/end-with-parent.ts'],
          globalSetup: ['./test/e2e/setup.ts'],
        },
      },
      {
        extends: true,
        // Real engines, the host table among them: one file at a time.
        test: {
          name: 'e2e',
          env: plain,
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 600_000,
          fileParallelism: false,
          setupFiles: ['./test/support/end-with-parent.ts'],
          globalSetup: ['./test/e2e/setup.ts'],
        },
      },
    ],
  },
});
