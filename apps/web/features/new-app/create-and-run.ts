import type { Template } from '@millrace/protocol';
import { createApp, deployApp } from '#lib/api-client/apps.ts';
import { listTopics, startGenerator } from '#lib/api-client/engine.ts';
import { ApiFailure } from '#lib/api-client/request.ts';

/** Where a run has got to; shown while it goes on. */
export type RunStep = 'creating' | 'deploying' | 'generating' | 'done';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Creates an app from a template, deploys it and starts its sample data, which waits for the deploy to have created the topic.
 * Gives the app; throws `ApiFailure` of the step that failed. What was done before it stays: an app that was created can be opened.
 */
export async function createAndRun(
  template: Template,
  app: string,
  progress: (step: RunStep, app: string) => void,
): Promise<string> {
  progress('creating', app);
  const created = await createApp({ template: template.id, app });
  progress('deploying', created.app);
  await deployApp(created.app, { message: `From the template ${template.title}` });
  const topic = template.topics[0];
  if (template.generator !== null && topic !== undefined) {
    progress('generating', created.app);
    await startWhenThere(template.generator, topic, created.app);
  }
  progress('done', created.app);
  return created.app;
}

const waitMs = 15_000;

async function startWhenThere(generator: string, topic: string, app: string): Promise<void> {
  const until = Date.now() + waitMs;
  for (;;) {
    const there = await listTopics().then(
      (topics) => topics.some(({ name }) => name === topic),
      () => false,
    );
    if (there) break;
    if (Date.now() > until)
      throw new ApiFailure('topic-missing', `The topic ${topic} is not there after ${waitMs / 1000} s.`, {
        hint: 'The app may have failed to start; the editor says why.',
      });
    await pause(250);
  }
  await startGenerator({ generator, topic, app, ratePerSecond: 200, skew: 1 });
}

/** `login-watch`, or `login-watch-2` where that is taken. */
export function freeName(wanted: string, taken: readonly string[]): string {
  if (!taken.includes(wanted)) return wanted;
  let number = 2;
  while (taken.includes(`${wanted}-${number}`)) number += 1;
  return `${wanted}-${number}`;
}
