import type { Dataflow } from '@millrace/dataflow';
import type { RecordFailure } from '../topology/topology.ts';
import type { Suspicion } from './suspects.ts';

/** The strictest first. */
const policies = ['stop', 'dead-letter', 'skip'] as const satisfies readonly RecordFailure['policy'][];

/**
 * What becomes of a record that is set aside: what its agent says of records that a step cannot process; of one that ended its decoding what its topic
 * says of those that do not decode. Where the agent is not known it is the strictest word of all.
 */
export const policyOf = ({ nodes }: Dataflow, { place }: Suspicion): RecordFailure['policy'] => {
  if (place.phase === 'decode') {
    for (const node of nodes) {
      if (node.kind === 'source' && node.format.topic === place.records.topic) return node.format.onDecodeError;
    }
    return 'dead-letter';
  }
  const all = nodes.filter((node) => node.kind === 'operator');
  const own = all.filter(({ agent }) => agent === place.agent);
  const said = own.length === 0 ? all : own;
  return policies.find((policy) => said.some(({ onError }) => onError === policy)) ?? 'dead-letter';
};
