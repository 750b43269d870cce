/**
 * A test process that goes on when the run was killed would keep the host's table and its engines, and let the next run
 * wait. Vitest's processes do go on: nothing tells them but the end of their channel.
 */
process.once('disconnect', () => {
  console.error('the test run was killed: ending with it');
  process.exit(1);
});
