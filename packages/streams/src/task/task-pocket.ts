import type { TableManager } from '../tables/table-manager.ts';
import type { Subtopology } from '../topology/topology.ts';
import type { Task } from './task.ts';
import type { TaskSource } from './task-input.ts';

/**
 * Tasks that were given up, flushed and committed, until the next assignment says who owns them. One that comes back keeps its state, but only
 * if nobody can have touched it meanwhile: the group's offsets are the ones it committed, and the changelogs end where it left them.
 */
export class TaskPocket {
  readonly #kept = new Map<string, { readonly task: Task; readonly ends: ReadonlyMap<string, bigint> }>();

  /** Empties the pocket and fills it with these tasks, just committed. */
  async fill(tasks: readonly Task[], tables: TableManager): Promise<void> {
    this.#kept.clear();
    for (const task of tasks) {
      if (!task.ready) continue;
      task.clearBuffers();
      this.#kept.set(task.id, { task, ends: await tables.ends(changelogs(task), task.partition) });
    }
  }

  clear(): void {
    this.#kept.clear();
  }

  /** The kept task, if it is still whole. */
  async take(
    id: string,
    subtopology: Subtopology,
    sources: readonly TaskSource[],
    tables: TableManager,
  ): Promise<Task | null> {
    const kept = this.#kept.get(id);
    this.#kept.delete(id);
    if (kept?.task.subtopology !== subtopology) return null;
    const { task, ends } = kept;
    const sameOffsets =
      sources.length === task.inputs.length &&
      sources.every((source) => {
        const input = task.input(source.topic);
        return (
          input !== undefined &&
          !input.isAnother(source.topicId) &&
          input.committed === source.committed &&
          (source.committed === null || input.tracker.position === source.committed)
        );
      });
    if (!sameOffsets) return null;
    const now = await tables.ends(changelogs(task), task.partition);
    return [...ends].every(([changelog, end]) => now.get(changelog) === end) ? task : null;
  }
}

const changelogs = (task: Task): string[] => task.subtopology.tables.map((table) => table.changelog);
