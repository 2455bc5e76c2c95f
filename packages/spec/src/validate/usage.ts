import type { AppDocument } from '../document/document.ts';
import { own } from '../document/element.ts';
import type { DocumentPath, Problem, ProblemCode } from '../problem.ts';
import { windowsPerEvent } from '../windows/windows.ts';
import { modelsIn } from './references.ts';

const warning = (code: ProblemCode, path: DocumentPath, message: string, hint: string): Problem => ({
  code,
  severity: 'warning',
  path,
  message,
  hint,
});

/** What does nothing: allowed, for a document is written bit by bit, but worth a word. */
export function usage(document: AppDocument): Problem[] {
  const agents = Object.entries(document.agents);
  const steps = agents.flatMap(([, agent]) => agent.steps);
  const read = new Set(agents.flatMap(([, { from }]) => (from.kind === 'topics' ? from.topics : [])));
  const sent = new Set(steps.flatMap((step) => (step.op === 'send' ? [step.to] : [])));
  const fed = new Set(steps.flatMap((step) => (step.op === 'aggregate' ? [step.table] : [])));
  const { deadLetterTopic } = document.settings;
  return [
    ...agents.flatMap(([name, { steps }]): Problem[] => {
      const last = steps.findLastIndex((step) => step.op === 'send' || step.op === 'aggregate');
      if (last === steps.length - 1 && last >= 0) return [];
      if (last < 0)
        return [
          warning(
            'ends-in-nothing',
            ['agents', name],
            `Agent ${name} ends in nothing: it neither aggregates nor sends`,
            'End it with a send or an aggregate step.',
          ),
        ];
      const idle = steps[last + 1]?.id ?? '';
      return [
        warning(
          'ends-in-nothing',
          ['agents', name, 'steps', last + 1],
          `Agent ${name}: nothing is done with what ${idle} gives`,
          'Put a send or an aggregate step after it, or take it out.',
        ),
      ];
    }),
    ...Object.entries(document.topics).flatMap(([id, { name }]): Problem[] =>
      read.has(id) || sent.has(id) || name === deadLetterTopic
        ? []
        : [
            warning(
              'unused',
              ['topics', id],
              `Nothing reads the topic ${id} or sends to it`,
              'Connect it to an agent, or take it out.',
            ),
          ],
    ),
    ...Object.keys(document.tables).flatMap((id): Problem[] =>
      fed.has(id)
        ? []
        : [
            warning(
              'unused',
              ['tables', id],
              `Nothing aggregates into the table ${id}`,
              `Give an agent a step aggregate: ${id}.`,
            ),
          ],
    ),
    ...manyWindows(document),
    ...unusedModels(document),
  ];
}

/** Above it, a table's work and memory are mostly its windows'. */
const manyPerEvent = 500;

function manyWindows({ tables }: AppDocument): Problem[] {
  return Object.entries(tables).flatMap(([id, { window }]): Problem[] =>
    window === undefined || windowsPerEvent(window) <= manyPerEvent
      ? []
      : [
          warning(
            'many-windows',
            ['tables', id, 'window'],
            `Table ${id} puts each event into ${windowsPerEvent(window)} windows: as many updates, and as many entries a key`,
            'Write a longer every, or a shorter window.',
          ),
        ],
  );
}

function unusedModels(document: AppDocument): Problem[] {
  const types = [
    ...Object.values(document.topics).flatMap(({ key, value }) => [key, value]),
    ...Object.values(document.tables).map(({ key }) => key),
  ];
  const used = new Set<string>();
  const open = types.flatMap(modelsIn);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (used.has(name)) continue;
    used.add(name);
    for (const { type } of Object.values(own(document.models, name)?.fields ?? {})) open.push(...modelsIn(type));
  }
  return Object.keys(document.models).flatMap((name): Problem[] =>
    used.has(name)
      ? []
      : [
          warning(
            'unused',
            ['models', name],
            `No topic uses the model ${name}`,
            'Make it the value of a topic, or take it out.',
          ),
        ],
  );
}
