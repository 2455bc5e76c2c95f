/** What a broker says that is killed again and again: no errors, and no warnings but those of torn tails and lost connections. */
const expectedWarnings = [
  /^warn: \S+: cut \d+ bytes off segment \d+, after its last whole batch$/,
  /^warn: the connection from \S+ failed: /,
];

export function checkLogLines(said: readonly string[]): string[] {
  return said
    .filter((line) => /^(warn|error): /.test(line) || !isOneOfOurs(line))
    .filter((line) => !expectedWarnings.some((expected) => expected.test(line)))
    .map((line) => `the broker said: ${line}`);
}

/** Neither a stack trace nor a word of Node's own. */
function isOneOfOurs(line: string): boolean {
  return !/^\s+at |Error|Warning/.test(line);
}
