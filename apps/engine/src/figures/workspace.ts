import type { Dataflow } from '@millrace/dataflow';
import type { AppDocument } from '@millrace/spec';
import type { Clock } from '@millrace/streams';
import type { AppSupervisor } from '../deploy/app-supervisor.ts';
import type { Reconciler } from '../deploy/reconciler.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import { AppFigures } from './app-figures.ts';
import { historyEveryMs } from './history.ts';

/** One app of the workspace, as this engine has it. */
export interface AppView {
  readonly app: string;
  readonly supervisor: AppSupervisor;
  readonly figures: AppFigures;
  /** Of the version that runs; null: none does. */
  readonly document: AppDocument | null;
  readonly dataflow: Dataflow | null;
}

/** Every app with its figures: fed by the workers' statuses, read by the live channels, the API and queries. */
export class Workspace {
  readonly #reconciler: Reconciler;
  readonly #clock: Clock;
  readonly #figures = new Map<string, AppFigures>();
  #timer: { cancel(): void } | undefined;

  constructor(reconciler: Reconciler, pool: WorkerPool, clock: Clock) {
    this.#reconciler = reconciler;
    this.#clock = clock;
    pool.listen({
      ready: () => undefined,
      down: (worker) => {
        for (const figures of this.#figures.values()) figures.forget(worker.id);
      },
      status: (worker, { atMs, running, apps }) => {
        for (const { status } of apps) this.#figuresOf(status.app).add(worker.id, atMs, status);
        const runs = new Set(running);
        for (const [app, figures] of this.#figures) if (!runs.has(app)) figures.forget(worker.id);
      },
    });
  }

  start(): void {
    this.#timer = this.#clock.after(historyEveryMs, () => {
      for (const { dataflow, figures } of this.apps()) if (dataflow !== null) figures.remember(dataflow);
      this.start();
    });
  }

  stop(): void {
    this.#timer?.cancel();
  }

  apps(): readonly AppView[] {
    return [...this.#reconciler.apps].flatMap(([app, supervisor]) =>
      supervisor.target === null ? [] : [this.#view(app, supervisor)],
    );
  }

  app(id: string): AppView | null {
    const supervisor = this.#reconciler.apps.get(id);
    return supervisor === undefined || supervisor.target === null ? null : this.#view(id, supervisor);
  }

  /** How many tasks a worker has, of all apps: as each was last told, for of an app that is idle there is rarely news. */
  tasksOf(worker: string): number {
    let tasks = 0;
    for (const figures of this.#figures.values()) {
      for (const each of figures.statuses()) if (each.worker === worker) tasks += each.status.tasks.length;
    }
    return tasks;
  }

  #view(app: string, supervisor: AppSupervisor): AppView {
    const { document = null, dataflow = null } = supervisor.running ?? {};
    return { app, supervisor, figures: this.#figuresOf(app), document, dataflow };
  }

  #figuresOf(app: string): AppFigures {
    const figures = this.#figures.get(app) ?? new AppFigures();
    this.#figures.set(app, figures);
    return figures;
  }
}
