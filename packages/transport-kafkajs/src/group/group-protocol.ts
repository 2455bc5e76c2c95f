import type { AssignedMember, PartitionsByTopic } from '@millrace/streams';
import { AssignerProtocol } from 'kafkajs';

/** The name under which members agree on our assignor. All members of a group must speak it. */
export const assignorName = 'millrace-copartition-sticky';

/** What a member tells the leader beside its topics: the topics that belong together, and what it held last. */
interface MemberData {
  readonly copartitioned: readonly (readonly string[])[];
  readonly held: Readonly<Record<string, readonly number[]>>;
  readonly generation: number;
}

const version = 1;

/** Kafka's consumer protocol, with our data as JSON in its `userData`. */
export function encodeSubscription(data: MemberData): Buffer {
  const topics = data.copartitioned.flat().sort();
  return AssignerProtocol.MemberMetadata.encode({ version, topics, userData: Buffer.from(JSON.stringify(data)) });
}

export interface Subscription extends AssignedMember {
  readonly copartitioned: readonly (readonly string[])[];
}

/** Another member's subscription. One without data of ours (or with broken data) holds nothing and groups nothing. */
export function decodeSubscription(id: string, bytes: Buffer): Subscription {
  const metadata = AssignerProtocol.MemberMetadata.decode(bytes);
  const topics = metadata?.topics ?? [];
  const data = readData(metadata?.userData);
  return {
    id,
    topics: new Set(topics),
    copartitioned: data?.copartitioned ?? topics.map((topic) => [topic]),
    held: data?.held ?? {},
    generation: data?.generation ?? -1,
  };
}

export const encodeAssignment = (partitions: PartitionsByTopic): Buffer =>
  AssignerProtocol.MemberAssignment.encode({ version, assignment: partitions, userData: Buffer.alloc(0) });

export const decodeAssignment = (bytes: Buffer): PartitionsByTopic =>
  bytes.length === 0 ? {} : (AssignerProtocol.MemberAssignment.decode(bytes)?.assignment ?? {});

function readData(bytes: Buffer | undefined): MemberData | null {
  if (bytes === undefined || bytes.length === 0) return null;
  let parsed: unknown;
  try {
    parsed = JSON.parse(bytes.toString());
  } catch {
    return null; // another client's data
  }
  if (typeof parsed !== 'object' || parsed === null) return null;
  const { copartitioned, held, generation } = parsed as Partial<MemberData>; // checked in the next lines
  const isGroups = Array.isArray(copartitioned) && copartitioned.every((group) => Array.isArray(group));
  if (!isGroups || typeof held !== 'object' || held === null || typeof generation !== 'number') return null;
  return { copartitioned, held, generation };
}
