import type { TaskInput } from '../task/task-input.ts';
import type { TransportAdmin } from '../transport/admin.ts';
import { partitionId } from '../transport/record.ts';

/** Asks for the ends of the sources of which some partition is paused or has nothing buffered: the others' ends come with their batches. */
export const refreshEnds = async (
  admin: TransportAdmin,
  inputs: Iterable<TaskInput>,
  paused: (input: TaskInput) => boolean,
): Promise<void> => {
  const stale = [...inputs].filter((input) => !input.buffer.head || paused(input));
  if (stale.length === 0) return;
  const ends = await admin.ends(stale);
  for (const input of stale) {
    const end = ends.get(partitionId(input.topic, input.partition));
    if (end !== undefined && end > input.end) input.end = end;
  }
};
