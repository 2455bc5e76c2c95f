import type { OperatorNode } from '@millrace/dataflow';
import { compileExpressionColumns, type Evaluate, unknownType } from '@millrace/spec';
import { assert, unreachable } from '../assert.ts';
import { compileCodec } from '../codecs/codec.ts';
import { Filter } from '../operators/filter.ts';
import { GroupBy } from '../operators/group-by.ts';
import { MapFields } from '../operators/map.ts';
import { type Operator, StepScope } from '../operators/operator.ts';
import { type Outlet, Send } from '../operators/send.ts';
import type { Stage, StageRepartition } from './stages.ts';
import type { SubtopologyPlan } from './subtopology-plan.ts';
import type { TaskContext } from './topology.ts';

/** What folds rows into a table, by its id. */
export type Folding = (scope: StepScope, table: string) => Operator;

/** Makes the operators of a stage's nodes, for one task. */
export class Operators {
  readonly #plan: SubtopologyPlan;
  readonly #context: TaskContext;
  readonly #folding: Folding;

  constructor(plan: SubtopologyPlan, context: TaskContext, folding: Folding) {
    this.#plan = plan;
    this.#context = context;
    this.#folding = folding;
  }

  of(stage: Stage): Operator[] {
    return stage.operators.map((node) => this.#operator(stage, node));
  }

  #operator(stage: Stage, { step, sees: shape, agent, onError }: OperatorNode): Operator {
    const { models } = this.#plan;
    const scope = new StepScope(this.#context, agent, step.id, onError);
    const sees = shape === null ? undefined : { ...shape, models };
    const compile = (source: string): Evaluate => compileExpressionColumns(source, sees);
    switch (step.op) {
      case 'filter':
        return new Filter(scope, compile(step.where));
      case 'map':
        return new MapFields(scope, step, compile);
      case 'group_by':
        return new GroupBy(
          scope,
          stage.repartition === null || stage.operators.at(-1)?.step !== step
            ? undefined
            : this.#repartition(stage.repartition, stage.input, compile),
        );
      case 'aggregate':
        return this.#folding(scope, step.table);
      case 'send':
        return new Send(scope, this.#outlet(step.to, step.key, stage.input, compile));
      default:
        return unreachable(step);
    }
  }

  #repartition(
    { topic, verbatim, key }: StageRepartition,
    input: Stage['input'],
    compile: (source: string) => Evaluate,
  ): Outlet {
    const format = this.#plan.formats.get(topic);
    assert(format, `nothing reads ${topic}`);
    return {
      topic,
      key: compileCodec(format.key, format.codec.key, this.#plan, 'key'),
      value: compileCodec(format.value ?? unknownType, 'json', this.#plan, 'inner'),
      keyOf: compile(key),
      forward: verbatim,
      ...(input.kind === 'topics' ? { sources: input.topics } : undefined),
    };
  }

  #outlet(to: string, key: string | undefined, input: Stage['input'], compile: (source: string) => Evaluate): Outlet {
    const sink = this.#plan.sinks.get(to);
    assert(sink, `no topic ${to}`);
    return {
      topic: sink.topic,
      key: compileCodec(sink.key, sink.codec.key, this.#plan, 'key'),
      // What a table holds is after a restore as it is in memory before it.
      value: compileCodec(sink.value, sink.codec.value, this.#plan, input.kind === 'topics' ? 'value' : 'made'),
      ...(key === undefined ? undefined : { keyOf: compile(key) }),
      forward: false,
    };
  }
}
