import { setTimeout as sleep } from 'node:timers/promises';
import { appDetail, type DeploymentState } from '@millrace/protocol';
import type { ApiClient } from '../api/client.ts';
import { CommandError, exitCode } from '../exit-code.ts';

const pollMs = 200;
const patienceMs = 60_000;

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
