import type { Clock } from '../clock.ts';
import type { Outbox } from '../producer/outbox.ts';
import type { Sensor } from '../sensors/sensor.ts';
import type { Task } from '../task/task.ts';
import type { GroupConsumer } from '../transport/group-consumer.ts';
import type { RecordProducer } from '../transport/record-producer.ts';

export interface CommitOptions {
  readonly clock: Clock;
  readonly outbox: Outbox;
  readonly producer: RecordProducer;
  readonly consumer: Pick<GroupConsumer, 'commit'>;
  readonly sensor: Sensor | undefined;
  /** Throws when nothing may be committed any more. */
  readonly check: () => void;
}

/** The commit itself failed: outputs and changelogs are written and stay. */
export class CommitFailed extends Error {
  override readonly name = 'CommitFailed';
}

/**
 * Changes and changelogs out, acknowledged; then the markers that say so, acknowledged; then the offsets they belong to. Tasks may go on working meanwhile: the positions are those of the
 * moment of the flush. Whether there were any to commit. Not to be run twice at a time. Throws the flush's error as it is, a commit's as the cause of `CommitFailed`.
 */
export const commitTasks = async (tasks: readonly Task[], options: CommitOptions): Promise<boolean> => {
  const { clock, outbox, producer, consumer, sensor, check } = options;
  const startedMs = clock.monotonic();
  const taken = tasks.filter((task) => task.ready).map((task) => ({ task, ...task.flush() }));
  check();
  // Notes of records that are too large come up while the others are being written.
  do {
    outbox.post();
    await producer.flush();
    check();
  } while (!outbox.empty);
  const markers = taken.flatMap((entry) => entry.markers);
  if (markers.length > 0) {
    for (const marker of markers) outbox.add(marker);
    outbox.post();
    await producer.flush();
    check();
  }
  const commits = taken.flatMap((entry) => entry.commits);
  if (commits.length === 0) return false;
  const inputs = taken.flatMap(({ task, commits }) =>
    commits.map((commit) => ({ input: task.input(commit.topic), commit })),
  );
  for (const { input, commit } of inputs) input?.committing(commit.offset);
  try {
    await consumer.commit(commits);
  } catch (error) {
    throw new CommitFailed(error instanceof Error ? error.message : String(error), { cause: error });
  }
  for (const { input, commit } of inputs) input?.confirmCommit(commit);
  sensor?.committed?.(commits, clock.monotonic() - startedMs);
  return true;
};
