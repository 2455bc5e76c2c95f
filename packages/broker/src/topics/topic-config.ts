/**
 * The topic settings, with Kafka 4's names, defaults and bounds. Those that a single node has no use for are kept
 * and shown, and change nothing; UNSUPPORTED.md names them.
 */
import type { LogConfig } from '../log/log-config.ts';
import { ErrorCode, KafkaError } from '../wire/error-code.ts';

/** The numbers that DescribeConfigs calls config types. */
const configTypes = { boolean: 1, string: 2, int: 3, long: 5, double: 6, list: 7 } as const;

interface ConfigDefinition {
  readonly type: keyof typeof configTypes;
  readonly default: string;
  /** Inclusive bounds of a number. */
  readonly range?: readonly [min: number, max: number];
  /** The words that a string or list may hold. */
  readonly words?: readonly string[];
}

const int32 = 2 ** 31 - 1;
const int64 = Number.MAX_SAFE_INTEGER;
const maxLong = '9223372036854775807';

const definitions: Readonly<Record<string, ConfigDefinition>> = {
  'cleanup.policy': { type: 'list', default: 'delete', words: ['delete', 'compact'] },
  'compression.type': {
    type: 'string',
    default: 'producer',
    words: ['uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer'],
  },
  'delete.retention.ms': { type: 'long', default: '86400000', range: [0, int64] },
  'file.delete.delay.ms': { type: 'long', default: '60000', range: [0, int64] },
  'flush.messages': { type: 'long', default: maxLong, range: [1, int64] },
  'flush.ms': { type: 'long', default: maxLong, range: [0, int64] },
  'index.interval.bytes': { type: 'int', default: '4096', range: [0, int32] },
  'max.compaction.lag.ms': { type: 'long', default: maxLong, range: [1, int64] },
  'max.message.bytes': { type: 'int', default: '1048588', range: [0, int32] },
  'message.timestamp.after.max.ms': { type: 'long', default: '3600000', range: [0, int64] },
  'message.timestamp.before.max.ms': { type: 'long', default: maxLong, range: [0, int64] },
  'message.timestamp.type': { type: 'string', default: 'CreateTime', words: ['CreateTime', 'LogAppendTime'] },
  'min.cleanable.dirty.ratio': { type: 'double', default: '0.5', range: [0, 1] },
  'min.compaction.lag.ms': { type: 'long', default: '0', range: [0, int64] },
  'min.insync.replicas': { type: 'int', default: '1', range: [1, int32] },
  preallocate: { type: 'boolean', default: 'false', words: ['true', 'false'] },
  'retention.bytes': { type: 'long', default: '-1', range: [-1, int64] },
  'retention.ms': { type: 'long', default: '604800000', range: [-1, int64] },
  'segment.bytes': { type: 'int', default: '1073741824', range: [14, int32] },
  'segment.index.bytes': { type: 'int', default: '10485760', range: [4, int32] },
  'segment.jitter.ms': { type: 'long', default: '0', range: [0, int64] },
  'segment.ms': { type: 'long', default: '604800000', range: [1, int64] },
  'unclean.leader.election.enable': { type: 'boolean', default: 'false', words: ['true', 'false'] },
};

export interface ConfigEntry {
  readonly name: string;
  readonly value: string;
  readonly isDefault: boolean;
  readonly typeNumber: number;
}

/** Throws INVALID_CONFIG, in Kafka's words, for an unknown name or a value out of bounds. */
export function checkConfig(name: string, value: string | null): asserts value is string {
  const definition = definitions[name];
  if (definition === undefined) throw new KafkaError(ErrorCode.invalidConfig, `Unknown topic config name: ${name}`);
  if (value === null)
    throw new KafkaError(ErrorCode.invalidConfig, `Null value not supported for topic configs: ${name}`);
  if (!isValid(definition, value.trim())) {
    throw new KafkaError(ErrorCode.invalidConfig, `Invalid value ${value} for configuration ${name}`);
  }
}

function isValid({ type, range, words }: ConfigDefinition, value: string): boolean {
  if (type === 'list') return value !== '' && value.split(',').every((word) => words?.includes(word.trim()) ?? true);
  if (words !== undefined) return words.includes(value);
  const number = Number(value);
  if (value === '' || Number.isNaN(number) || (type !== 'double' && !/^-?\d+$/.test(value))) return false;
  return range === undefined || (number >= range[0] && (number <= range[1] || value === maxLong));
}

/** The words that a list setting holds. */
export function listOf(value: string): string[] {
  return value
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

export function isListConfig(name: string): boolean {
  return definitions[name]?.type === 'list';
}

export function configValue(overrides: ReadonlyMap<string, string>, name: string): string | undefined {
  return overrides.get(name) ?? definitions[name]?.default;
}

/** All settings, by name, those of `overrides` marked as not default. */
export function describeConfigs(overrides: ReadonlyMap<string, string>): ConfigEntry[] {
  return Object.entries(definitions).map(([name, { type, default: standard }]) => ({
    name,
    value: overrides.get(name) ?? standard,
    isDefault: !overrides.has(name),
    typeNumber: configTypes[type],
  }));
}

/** The settings as a log uses them. */
export function logConfigOf(overrides: ReadonlyMap<string, string>): LogConfig {
  const text = (name: string) => configValue(overrides, name) ?? '';
  const number = (name: string) => Number(text(name));
  const cleanup = listOf(text('cleanup.policy'));
  const maxCompactionLagMs = number('max.compaction.lag.ms');
  return {
    segmentBytes: number('segment.bytes'),
    // What is being written to is not compacted: to be in time, it must not be written to for longer than that.
    segmentMs: Math.min(
      number('segment.ms'),
      cleanup.includes('compact') ? maxCompactionLagMs : Number.POSITIVE_INFINITY,
    ),
    retentionMs: number('retention.ms'),
    retentionBytes: number('retention.bytes'),
    maxMessageBytes: number('max.message.bytes'),
    compacted: cleanup.includes('compact'),
    deleted: cleanup.includes('delete'),
    appendTime: text('message.timestamp.type') === 'LogAppendTime',
    timestampBeforeMaxMs: number('message.timestamp.before.max.ms'),
    timestampAfterMaxMs: number('message.timestamp.after.max.ms'),
    deleteRetentionMs: number('delete.retention.ms'),
    minCompactionLagMs: number('min.compaction.lag.ms'),
    maxCompactionLagMs,
    minCleanableDirtyRatio: number('min.cleanable.dirty.ratio'),
  };
}
