import type { Agent, Codec, EventTime, Model, Settings, Step, Table, Topic, Type } from '@millrace/spec';

/**
 * What an app does, on paper: data that JSON would keep. Compiled from a document once, and read by whatever has to know it: the runtime, the plan, the
 * canvas. As Kafka Streams' `Topology` is to its DSL.
 */
export interface Dataflow {
  readonly app: string;
  /** By name, what types refer to. */
  readonly models: Readonly<Record<string, Model>>;
  readonly nodes: readonly DataflowNode[];
  readonly edges: readonly DataflowEdge[];
  readonly stores: readonly Store[];
  /** Cut where an agent repartitions: each reads its own copartitioned topics. In the order of their first source. */
  readonly subtopologies: readonly Subtopology[];
  /** Every Kafka topic that must exist before a start, each once. */
  readonly topics: readonly KafkaTopic[];
  readonly settings: Settings;
}

export type DataflowNode = SourceNode | OperatorNode | StoreNode | SinkNode;

/** A Kafka topic that is read. Port: `out`. */
export interface SourceNode {
  /** `source:orders` */
  readonly id: string;
  readonly kind: 'source';
  readonly format: RecordFormat;
}

/** A step of an agent. Ports: `in`; `out`, where its rows go on; `state` of an aggregate; `sent` of a send. */
export interface OperatorNode {
  /** `agent:count/filter` */
  readonly id: string;
  readonly kind: 'operator';
  readonly agent: string;
  readonly onError: Agent['onError'];
  readonly step: Step;
  /** What comes to it; null: not known. */
  readonly sees: Shape | null;
}

/** A table. Ports: `in`, `changes`. */
export interface StoreNode {
  /** `table:counts` */
  readonly id: string;
  readonly kind: 'store';
  readonly store: string;
}

/** A Kafka topic that is sent to. Port: `in`. */
export interface SinkNode {
  /** `sink:alerts` */
  readonly id: string;
  readonly kind: 'sink';
  readonly topic: string;
  /** The topic in the document. */
  readonly element: string;
  readonly key: Type;
  readonly value: Type;
  readonly codec: Topic['codec'];
}

export interface Port {
  readonly node: string;
  readonly port: string;
}

/** `forward`: within the task. `repartition`: through a topic of the app's own, to the source that reads it. */
export type DataflowEdge =
  | { readonly kind: 'forward'; readonly from: Port; readonly to: Port }
  | {
      readonly kind: 'repartition';
      readonly from: Port;
      readonly to: Port;
      /** Of the new key. */
      readonly key: string;
      /** Its value is sent on as the bytes that it was read as. */
      readonly verbatim: boolean;
    };

/** The types of events at one place. */
export interface Shape {
  readonly key: Type;
  readonly value: Type;
  /** They are changes of a windowed table. */
  readonly window: boolean;
}

/** How the records of a topic are read. */
export interface RecordFormat {
  readonly topic: string;
  /** The topic in the document; null: the app's own between its stages. */
  readonly element: string | null;
  readonly key: Type;
  /** Null: any JSON, trusted (an agent's own intermediate records). */
  readonly value: Type | null;
  /** What trusted keys and values were before they went through JSON; null: as `key` and `value` say, or not known. */
  readonly made: { readonly key: Type; readonly value: Type } | null;
  readonly codec: { readonly key: Codec; readonly value: Codec };
  readonly eventTime: EventTime;
  /** How far event times may be ahead of the wall clock, ms; null: they were looked at before. */
  readonly maxAheadMs: number | null;
  readonly onDecodeError: Topic['onDecodeError'];
  readonly isolation: Topic['isolation'];
  /** Its records tell their origins. */
  readonly repartitioned: boolean;
}

/** What holds a table's state. */
export interface Store {
  /** The table in the document. */
  readonly id: string;
  readonly table: Table;
  readonly changelog: string;
  /** How its entries are keyed and windowed: state of another layout cannot be taken over. */
  readonly layout: string;
  /** Where records go that come too late for its windows; null: it has none. */
  readonly lateTopic: string | null;
  /** Of what is folded into it; null: nothing is. */
  readonly folds: Shape | null;
  /** Of its changes. */
  readonly rows: Shape | null;
  /** Nothing of a key may be said in words. */
  readonly sensitiveKey: boolean;
}

/** What runs in one task, because it shares sources or stores. */
export interface Subtopology {
  /** Stable over versions: its sources, joined by `+`. */
  readonly id: string;
  /** Kafka topics, sorted. */
  readonly sources: readonly string[];
  readonly partitions: number;
  /** Ids of its nodes but the sinks. */
  readonly nodes: readonly string[];
  /** Stores that are folded into, in the order in which their changes flow: each stands behind those that feed it. */
  readonly stores: readonly string[];
  /** Why its sources must be partitioned alike; empty: it has one. */
  readonly because: readonly Copartitioning[];
  /** Of each source that is repartitioned: whose partitions feed it. By topic. */
  readonly feeders: Readonly<Record<string, readonly FeederTopic[]>>;
  /** The repartition topics that it writes. */
  readonly outlets: readonly Outlet[];
}

/** What brings sources together: an agent that reads them, or a table that all of them lead to. */
export interface Copartitioning {
  readonly by: { readonly kind: 'agent' | 'table'; readonly id: string };
  readonly sources: readonly string[];
}

/** A topic, or a table's changes, whose partitions feed a repartition topic. */
export interface FeederTopic {
  /** A Kafka topic's name, or a table's. */
  readonly name: string;
  /** The Kafka topics whose partitions it has: itself, or those that the table's tasks read. */
  readonly topics: readonly string[];
  /** The most of `topics`. */
  readonly partitions: number;
  /**
   * Its records are repartitioned in the order in which they were read, so that each says how far its source is. Otherwise only marks do: what
   * comes through another repartition, or is a table's change, is in no order of time.
   */
  readonly byRecords: boolean;
}

export interface Outlet {
  readonly topic: string;
  readonly partitions: number;
  readonly from:
    | { readonly kind: 'topics' /** In the order of the origins' numbers. */; readonly topics: readonly string[] }
    | { readonly kind: 'changes'; readonly table: string };
}

/** A Kafka topic with what it is made with, where it is not there. */
export interface KafkaTopic {
  readonly name: string;
  readonly partitions: number;
  readonly role: 'topic' | 'changelog' | 'repartition' | 'dead-letters' | 'late';
  readonly replication: number;
  readonly configs: Readonly<Record<string, string>>;
}

export const sourceId = (topic: string): string => `source:${topic}`;
export const operatorId = (agent: string, step: string): string => `agent:${agent}/${step}`;
export const storeId = (table: string): string => `table:${table}`;
export const sinkId = (topic: string): string => `sink:${topic}`;
