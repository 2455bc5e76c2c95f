import type { Plan } from '@millrace/dataflow';
import type { Problem } from '@millrace/spec';

/** `app.yaml:14:9 error bad-expression agents.count.steps[0].filter: …`, the form that editors know how to jump to. */
export function formatProblem(problem: Problem, file?: string): string {
  const place = [file, problem.text?.line, problem.text?.column].filter((part) => part !== undefined).join(':');
  const path = problem.path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text ? `${text}.${part}` : part),
    '',
  );
  const head = [place, problem.severity, problem.code, path].filter(Boolean).join(' ');
  return problem.hint ? `${head}: ${problem.message}\n    ${problem.hint}` : `${head}: ${problem.message}`;
}

const signs = { created: '+', changed: '~', kept: '=', dropped: '-' } as const;

/** The plan as lines, one an element. */
export function formatPlan(plan: Plan): string {
  const from = plan.from === null ? 'nothing deployed' : `v${plan.from}`;
  const lines = [`${plan.app}: ${from} → v${plan.to} (${plan.how})`];
  for (const element of plan.elements) {
    const what = element.what.length > 0 ? `  ${element.what.join('; ')}` : '';
    const state = element.state.fate === 'none' ? '' : `  [${element.state.words}]`;
    lines.push(`  ${signs[element.change]} ${element.kind} ${element.id}${what}${state}`);
  }
  for (const topic of plan.topicsToCreate)
    lines.push(
      `  + Kafka topic ${topic.name}  ${topic.partitions} partition${topic.partitions === 1 ? '' : 's'}, ${topic.role}`,
    );
  for (const confirmation of plan.confirmations) lines.push(`  ! ${confirmation.element}: ${confirmation.message}`);
  for (const { message, ways } of plan.splits) {
    lines.push(`  ! ${message}`);
    for (const { label, words } of ways) lines.push(`      ${label}: ${words}`);
  }
  lines.push(
    plan.expectedPause.kind === 'none'
      ? '  pause: none'
      : `  pause: about ${(plan.expectedPause.aboutMs / 1000).toFixed(1)} s while this app's workers rejoin`,
  );
  return lines.join('\n');
}
