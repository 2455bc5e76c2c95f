import {
  type AppDocument,
  appSensitivity,
  changelogTopic,
  inferTypes,
  lateTopic,
  type TopicPartitions,
} from '@millrace/spec';
import { agentFlow, shapeOf, type Types } from './agent-steps.ts';
import { type Dataflow, type DataflowNode, type Store, type StoreNode, storeId } from './dataflow.ts';
import { kafkaTopics } from './kafka-topics.ts';
import { Partitions } from './partitions.ts';
import { subtopologiesOf } from './subtopologies.ts';
import { tableLayout } from './table-layout.ts';

/**
 * What a document does. One with problems is followed as far as it goes. `there`: by Kafka topic, the partitions of those that Kafka has; they rule over
 * what the document says. `types`: where they are known already.
 */
export function compileDataflow(
  document: AppDocument,
  there: TopicPartitions = new Map(),
  types: Types = inferTypes(document),
): Dataflow {
  const flows = new Map(
    Object.entries(document.agents).map(([id, agent]) => [id, agentFlow(document, id, agent, types)]),
  );
  const partitions = new Partitions(document, flows, there);
  const stores = storesOf(document, types);
  const nodes = each([
    ...[...flows.values()].flatMap(({ sources, operators, sinks }) => [...sources, ...operators, ...sinks]),
    ...stores.map(({ id }): StoreNode => ({ id: storeId(id), kind: 'store', store: id })),
  ]);
  const edges = [...flows.values()].flatMap((flow) => flow.edges);
  const subtopologies = subtopologiesOf(nodes, edges, flows, partitions);
  return {
    app: document.app,
    models: document.models,
    nodes,
    edges,
    stores,
    subtopologies,
    topics: kafkaTopics(document, subtopologies, stores, partitions),
    settings: document.settings,
  };
}

/** Of several agents that use one topic, the first one's node. */
const each = (nodes: readonly DataflowNode[]): DataflowNode[] => {
  const known = new Map<string, DataflowNode>();
  for (const node of nodes) if (!known.has(node.id)) known.set(node.id, node);
  return [...known.values()];
};

function storesOf(document: AppDocument, types: Types): Store[] {
  const sensitivity = appSensitivity(document);
  return Object.entries(document.tables).map(([id, table]) => {
    const { in: folds, out: rows } = types.get(storeId(id)) ?? {};
    return {
      id,
      table,
      changelog: changelogTopic(document.app, id),
      layout: tableLayout(table),
      lateTopic: table.window === undefined ? null : lateTopic(document.app, id),
      folds: shapeOf(folds),
      rows: shapeOf(rows),
      sensitiveKey: (sensitivity.tables.get(id)?.key ?? false) !== false,
    };
  });
}
