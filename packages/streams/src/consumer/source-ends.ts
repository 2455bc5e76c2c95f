import type { TaskInput } from '../task/task-input.ts';
import type { TransportAdmin } from '../transport/admin.ts';

/** Asks for the ends of the sources of which some partition is paused or has nothing buffered: the others' ends come with their batches. */
export const refreshEnds = async (
  admin: TransportAdmin,
  inputs: Iterable<TaskInput>,
  paused: (input: TaskInput) => boolean,
): Promise<void> => {
  const stale = new Map<string, TaskInput[]>();
  for (const input of inputs) {
    if (input.buffer.head && !paused(input)) continue;
    const known = stale.get(input.topic);
    if (known) known.push(input);
    else stale.set(input.topic, [input]);
  }
  for (const [topic, waiting] of stale) {
    const ends = new Map((await admin.offsets(topic)).map(({ partition, latest }) => [partition, latest]));
    for (const input of waiting) {
      const end = ends.get(input.partition);
      if (end !== undefined && end > input.end) input.end = end;
    }
  }
};
