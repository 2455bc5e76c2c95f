import type { EngineReply } from '@millrace/protocol';
import type { Router } from './router.ts';

export interface EngineState {
  read(): EngineReply;
  /** Tries Kafka and Postgres at once. */
  retryNow(): void;
}

export function engineRoutes(router: Router, state: EngineState): void {
  router
    .on('GET', '/engine', () => ({ status: 200, body: state.read() }))
    .on('POST', '/engine/retry', () => {
      state.retryNow();
      return { status: 202, body: {} };
    });
}
