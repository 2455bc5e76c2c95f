/** Topics that the fuzzed broker has. */
export const fuzzTopics = [
  { name: 'fuzz', configs: {} },
  {
    name: 'fuzz-compacted',
    configs: { 'cleanup.policy': 'compact', 'segment.bytes': '2000', 'min.cleanable.dirty.ratio': '0.01' },
  },
  { name: 'fuzz-stamped', configs: { 'message.timestamp.type': 'LogAppendTime', 'segment.bytes': '5000' } },
] as const;

/** What the strings of random requests say: names that are there, that could be, and that can't. */
export const words: readonly string[] = [
  ...fuzzTopics.map(({ name }) => name),
  ...fuzzTopics.map(({ name }) => name), // Twice as likely as the rest.
  'other-topic',
  'group',
  'other-group',
  'transactional',
  'member-1',
  'consumer',
  'range',
  'roundrobin',
  'cleanup.policy',
  'compact',
  'retention.ms',
  'max.message.bytes',
  'segment.bytes',
  '100',
  '-1',
  '1',
  '',
  '.',
  '../../escape',
  'a/b',
  'nul\0nul',
  'ä€😀',
  'x'.repeat(249),
  'x'.repeat(5_000),
  '__proto__',
  'constructor',
];
