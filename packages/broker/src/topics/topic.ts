import type { LogConfig } from '../log/log-config.ts';
import type { PartitionLog } from '../log/partition-log.ts';
import { logConfigOf } from './topic-config.ts';

/** A topic: its name, its settings, and one log a partition. */
export class Topic {
  readonly name: string;
  /** 32 hexadecimal digits; a topic that is deleted and created again has another. */
  readonly id: string;
  readonly partitions: PartitionLog[] = [];
  #overrides: ReadonlyMap<string, string>;
  #logConfig: LogConfig;

  constructor(name: string, id: string, overrides: ReadonlyMap<string, string>) {
    this.name = name;
    this.id = id;
    this.#overrides = overrides;
    this.#logConfig = logConfigOf(overrides);
  }

  /** The settings that differ from the defaults. */
  get overrides(): ReadonlyMap<string, string> {
    return this.#overrides;
  }
  set overrides(overrides: ReadonlyMap<string, string>) {
    this.#overrides = overrides;
    this.#logConfig = logConfigOf(overrides);
  }

  get logConfig(): LogConfig {
    return this.#logConfig;
  }
}
