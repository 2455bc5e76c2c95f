import type { Edit } from '@millrace/spec';
import type { KafkaTopic } from '../dataflow.ts';

/** What a deploy would do, element by element. Plain data: the dashboard's dialog, the API and `millrace plan` show the same. */
export interface Plan {
  readonly app: string;
  /** The version it is compared with; null: nothing is deployed. */
  readonly from: number | null;
  readonly to: number;
  readonly elements: readonly PlanElement[];
  /** Kafka topics the deploy will create. */
  readonly topicsToCreate: readonly PlannedTopic[];
  /** `swap`: operators change at a batch boundary, nobody pauses. `rejoin`: this app's workers rejoin their group. `start`: nothing ran. `none`: nothing changes. */
  readonly how: 'none' | 'swap' | 'rejoin' | 'start';
  readonly expectedPause: { readonly kind: 'none' } | { readonly kind: 'rejoin'; readonly aboutMs: number };
  /** What a person must confirm, because state is lost. */
  readonly confirmations: readonly { readonly element: string; readonly message: string }[];
  /** What can't be deployed before one of its ways out is taken. */
  readonly splits: readonly SplitTables[];
}

/** Tables that are fed straight from topics, and whose keys these would split: they have other partitions in Kafka than the tables have, or than one another. */
export interface SplitTables {
  /** By their ids. */
  readonly tables: readonly string[];
  readonly message: string;
  readonly ways: readonly WayOut[];
}

/** What can be done about it, as a change of the draft. */
export interface WayOut {
  /** `rebuild` drops what the tables hold, and has to be confirmed when it is deployed; `together`: they hold nothing yet. */
  readonly kind: 'keep' | 'rebuild' | 'together';
  readonly label: string;
  readonly words: string;
  readonly edits: readonly Edit[];
}

export interface PlanElement {
  readonly kind: 'model' | 'topic' | 'table' | 'agent' | 'settings';
  readonly id: string;
  readonly change: 'created' | 'changed' | 'kept' | 'dropped';
  /** In words, one fact each: `filter is now !value.ok`. */
  readonly what: readonly string[];
  readonly state: {
    readonly fate: 'none' | 'kept' | 'starts-empty' | 'dropped' | 'offsets-kept';
    readonly words: string;
  };
  readonly pause: 'none' | 'rejoin';
}

export type PlannedTopic = Pick<KafkaTopic, 'name' | 'partitions' | 'role'>;
