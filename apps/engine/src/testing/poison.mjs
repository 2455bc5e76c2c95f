// Preloaded into an engine under test and its workers: makes `lower(…)` of certain texts end the process the way a fault of V8, of a library or of this
// program could.
const { toLowerCase } = String.prototype;
const endless = () => {
  for (;;);
};
const deaths = new Map([
  ['HANG', endless],
  [
    'EAT',
    () => {
      const eaten = [];
      for (;;) eaten.push(new Array(10_000).fill(Math.random()));
    },
  ],
  ['ABORT', () => process.abort()],
  [
    'KILL',
    () => {
      process.kill(process.pid, 'SIGKILL');
      endless();
    },
  ],
]);
String.prototype.toLowerCase = function () {
  deaths.get(String(this))?.();
  return toLowerCase.call(this);
};
