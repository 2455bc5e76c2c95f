/**
 * The broker's own settings, fixed while it runs. One table says all there is to know of each: Kafka's name for it, its type,
 * what it may be and what it is by default. BrokerConfig, `--set`, DescribeConfigs and the usage text follow from it.
 */
import { nearNames } from './near-names.ts';

/** The numbers that DescribeConfigs calls config types. */
const typeNumbers = { boolean: 1, int: 3, long: 5 } as const;

interface SwitchSetting {
  readonly name: string;
  readonly type: 'boolean';
  readonly default: boolean;
}

interface NumberSetting {
  readonly name: string;
  readonly type: 'int' | 'long';
  readonly default: number;
  /** Inclusive bounds, in the unit of the name. */
  readonly range: readonly [min: number, max: number];
  /** How many of the config's units one of the name's is: 60 000 where Kafka counts minutes and we milliseconds. */
  readonly unit: number;
}

type Setting = SwitchSetting | NumberSetting;

const maxInt = 2 ** 31 - 1;
const maxLong = Number.MAX_SAFE_INTEGER;
const minuteMs = 60_000;

function int(name: string, standard: number, min: number, max = maxInt, unit = 1): NumberSetting {
  return { name, type: 'int', default: standard, range: [min, max], unit };
}
function long(name: string, standard: number, min: number): NumberSetting {
  return { name, type: 'long', default: standard, range: [min, maxLong], unit: 1 };
}

/** Kafka's defaults, except that nobody waits long for a group to gather, that topics are not made by asking for them, and that the house is kept more often. */
const settings = {
  /** Whether asking for a topic's metadata may create it. */
  autoCreateTopics: { name: 'auto.create.topics.enable', type: 'boolean', default: false },
  /** How long the first members of an empty group wait for others to join. */
  initialRebalanceDelayMs: int('group.initial.rebalance.delay.ms', 20, 0),
  maxSessionTimeoutMs: int('group.max.session.timeout.ms', 1_800_000, 1),
  /** The most members that a group may have. */
  maxGroupSize: int('group.max.size', maxInt, 1),
  minSessionTimeoutMs: int('group.min.session.timeout.ms', 6_000, 1),
  /** How long the cleaner rests between two rounds over the compacted topics. */
  cleanerBackoffMs: long('log.cleaner.backoff.ms', 10_000, 1),
  /** How often retention is applied and what has expired is forgotten: producers, offsets, groups. */
  retentionCheckMs: long('log.retention.check.interval.ms', 10_000, 1),
  /** Not one of Kafka's: the most partitions that one topic may have. */
  maxPartitionsPerTopic: int('max.partitions.per.topic', 1_000, 1),
  /** Partitions of a topic that is created without saying how many. */
  defaultPartitions: int('num.partitions', 1, 1, 1_000),
  /** How long the offsets of a group without members are kept. */
  offsetsRetentionMs: int('offsets.retention.minutes', 7 * 24 * 3_600_000, 1, maxInt, minuteMs),
  /** An idempotent producer that has been silent for so long is forgotten. */
  producerExpirationMs: int('producer.id.expiration.ms', 24 * 3_600_000, 1),
  /** A longer request closes its connection. */
  maxRequestBytes: int('socket.request.max.bytes', 100 * 1024 * 1024, 1),
  maxTransactionTimeoutMs: int('transaction.max.timeout.ms', 900_000, 1),
  /** A transactional id that has not been used for so long is forgotten. */
  transactionalIdExpirationMs: int('transactional.id.expiration.ms', 7 * 24 * 3_600_000, 1),
} as const satisfies Readonly<Record<string, Setting>>;

/** Times in milliseconds, sizes in bytes. */
export type BrokerConfig = {
  readonly [K in keyof typeof settings]: (typeof settings)[K]['default'] extends boolean ? boolean : number;
};

// The table's keys with their settings, which is what Object.entries of a constant is.
const entries = Object.entries(settings) as readonly [keyof BrokerConfig, Setting][];

// Each key of BrokerConfig with a value of its type, because both come from the table.
export const defaultConfig = Object.fromEntries(
  entries.map(([key, setting]) => [key, setting.default]),
) as unknown as BrokerConfig;

/** A setting that can't be as it was asked for; the message says what can. */
export class InvalidSetting extends Error {
  override readonly name = 'InvalidSetting';
}

/** What `name=value` sets, by Kafka's name. Throws InvalidSetting. */
export function parseSetting(text: string): Partial<BrokerConfig> {
  const at = text.indexOf('=');
  if (at < 0) throw new InvalidSetting(`'${text}' is not of the form name=value`);
  const name = text.slice(0, at).trim();
  const found = entries.find(([, setting]) => setting.name === name);
  if (found === undefined) {
    const names = entries.map(([, setting]) => setting.name);
    const near = nearNames(name, names);
    const hint = near.length > 0 ? `near it: ${near.join(', ')}` : `there are: ${names.join(', ')}`;
    throw new InvalidSetting(`there is no setting '${name}'; ${hint}`);
  }
  const [key, setting] = found;
  return { [key]: parsedValue(setting, text.slice(at + 1).trim()) };
}

function parsedValue(setting: Setting, text: string): boolean | number {
  if (setting.type === 'boolean') {
    if (text !== 'true' && text !== 'false') throw new InvalidSetting(`${takes(setting)}, not '${text}'`);
    return text === 'true';
  }
  const [min, max] = setting.range;
  const value = Number(text);
  if (!/^-?\d+$/.test(text) || value < min || value > max) throw new InvalidSetting(`${takes(setting)}, not '${text}'`);
  return value * setting.unit;
}

function takes(setting: Setting): string {
  if (setting.type === 'boolean') return `${setting.name} takes true or false`;
  return `${setting.name} takes a whole number from ${setting.range[0]} to ${setting.range[1]}`;
}

export interface BrokerConfigEntry {
  readonly name: string;
  readonly value: string;
  readonly isDefault: boolean;
  readonly typeNumber: number;
}

/** The settings as DescribeConfigs lists them. */
export function brokerConfigEntries(config: BrokerConfig): BrokerConfigEntry[] {
  return entries.map(([key, setting]) => ({
    name: setting.name,
    value: textOf(setting, config[key]),
    isDefault: config[key] === setting.default,
    typeNumber: typeNumbers[setting.type],
  }));
}

/** One line a setting: its name, and its default in the form that `--set` takes. */
export function settingsUsage(): string {
  return entries.map(([, setting]) => `  ${setting.name}=${textOf(setting, setting.default)}`).join('\n');
}

function textOf(setting: Setting, value: boolean | number): string {
  return String(setting.type === 'boolean' ? value : Math.round(Number(value) / setting.unit));
}
