import type { AppDocument } from '@millrace/spec';
import type { RecordFailure } from '../topology/topology.ts';
import type { Suspicion } from './suspects.ts';

/** The strictest first. */
const policies = ['stop', 'dead-letter', 'skip'] as const satisfies readonly RecordFailure['policy'][];

/**
 * What becomes of a record that is set aside: what its agent says of records that a step cannot process; of one that ended its decoding what its topic
 * says of those that do not decode. Where the agent is not known it is the strictest word of all.
 */
export const policyOf = (document: AppDocument, { place }: Suspicion): RecordFailure['policy'] => {
  if (place.phase === 'decode') {
    const topic = Object.values(document.topics).find(({ name }) => name === place.records.topic);
    return topic?.onDecodeError ?? 'dead-letter';
  }
  const agent = document.agents[place.agent ?? ''];
  const said = agent === undefined ? Object.values(document.agents) : [agent];
  return policies.find((policy) => said.some(({ onError }) => onError === policy)) ?? 'dead-letter';
};
