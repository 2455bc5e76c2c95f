import { setTimeout as sleep } from 'node:timers/promises';
import { appDetail, type DeploymentState, engineReply } from '@millrace/protocol';
import type { ApiClient } from '../api/client.ts';
import { CommandError, exitCode } from '../exit-code.ts';

const pollMs = 200;
const patienceMs = 60_000;

/** An app that has run for so long has read its first records; what fails at them has failed by then. */
const steadyMs = 1_500;

/** Waits until an engine has dealt with this generation of the deployment. Throws with the engine's reason if it failed. */
export async function settled(api: ApiClient, app: string, deployment: DeploymentState): Promise<DeploymentState> {
  const untilMs = Date.now() + patienceMs;
  for (let current = deployment; ; ) {
    if (current.generation >= deployment.generation && current.outcome === 'settled') return current;
    if (current.generation >= deployment.generation && current.outcome === 'failed') {
      const still =
        current.runningVersion === null ? 'Nothing runs of it.' : `v${current.runningVersion} goes on running.`;
      throw new CommandError(
        exitCode.failure,
        `${app} v${current.version} did not start: ${current.reason ?? 'the engine gave no reason'}. ${still}`,
      );
    }
    if (Date.now() > untilMs)
      throw new CommandError(
        exitCode.unreachable,
        `No engine took up ${app} v${deployment.version} within ${patienceMs / 1000} s`,
        'It is recorded, and will be deployed when an engine is back.',
      );
    await sleep(pollMs);
    current = (await api.get(`/apps/${encodeURIComponent(app)}`, appDetail)).deployment ?? current;
  }
}

/**
 * Waits until a deployment that an engine has taken over is what it is to be; a running app until it has run over its first records. Throws with the reason
 * if it fails, or if it is not there in time.
 */
export async function steady(api: ApiClient, app: string, { version, desired }: DeploymentState): Promise<void> {
  let untilMs = Date.now() + patienceMs;
  let sinceMs: number | undefined;
  for (;;) {
    const entity = (await api.get('/engine', engineReply)).apps.find((each) => each.app === app);
    if (entity?.status === 'failed')
      throw new CommandError(
        exitCode.failure,
        `${app} v${version} was taken over, started and failed: ${entity.reason ?? 'the engine gave no reason'}`,
        'Its committed state is kept. Mend the document and apply it again.',
      );
    if (entity?.status === 'restoring') untilMs = Date.now() + patienceMs;
    sinceMs = entity?.status === desired ? (sinceMs ?? Date.now()) : undefined;
    if (sinceMs !== undefined && (desired !== 'running' || Date.now() - sinceMs >= steadyMs)) return;
    if (Date.now() > untilMs)
      throw new CommandError(
        exitCode.failure,
        `${app} v${version} was taken over and does not run after ${patienceMs / 1000} s: it is ${entity?.status ?? 'not known to the engine'}${entity?.reason == null ? '' : `, ${entity.reason}`}`,
        'It goes on trying. `millrace apps` says how it stands.',
      );
    await sleep(pollMs);
  }
}
