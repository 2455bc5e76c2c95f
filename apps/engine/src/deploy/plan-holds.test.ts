import { checkDocument, type ExistingTopic, type Plan, planDeploy, rejoinReason } from '@millrace/dataflow';
import { AppRuntime, compileTopology, SwapRefused } from '@millrace/streams';
import { ManualClock, MemoryBroker, settled as quietOf } from '@millrace/streams/testing';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Candidate, readCandidate } from './candidate.ts';
import { Refusal } from './refusal.ts';
import { settleTopics } from './topics.ts';

/** What a document of this test may say; each edit is another choice. */
const choices = fc.record({
  filter: fc.boolean(),
  reads: fc.constantFrom('a', 'b', '[a, b]'),
  grouped: fc.constantFrom(
    '',
    'group_by: value.user',
    'group_by: { key: key, partitions: 2 }',
    'group_by: { key: key, partitions: 3 }',
  ),
  groupedBehind: fc.boolean(),
  window: fc.constantFrom(
    '',
    'window: { tumbling: 1m }, ',
    'window: { tumbling: 2m }, ',
    'window: { hopping: 2m, every: 1m }, ',
  ),
  value: fc.constantFrom('n: count()', 'n: count(), s: sum(value.v)', 's: sum(value.v)', 'n: max(value.v)'),
  second: fc.constantFrom('none', 'changes', 'b', 'aggregate b', 'same table', 'into nothing'),
  partitions: fc.constantFrom(2, 4),
  isolation: fc.constantFrom('read_committed', 'read_uncommitted'),
  commit: fc.constantFrom('100ms', '200ms'),
});
type Choices = typeof choices extends fc.Arbitrary<infer T> ? T : never;

const textOf = (said: Choices): string => {
  const grouped = said.grouped === '' ? [] : [said.grouped];
  const steps = [
    ...(said.filter ? ['filter: value.v >= 0'] : []),
    ...(said.groupedBehind ? [] : grouped),
    'aggregate: counts',
    ...(said.groupedBehind && grouped.length > 0 ? ['group_by: key + "x"', 'send: { to: out, key: key }'] : []),
  ];
  const second = {
    none: '',
    changes:
      '  second: { from: { changes: counts }, steps: [ { filter: "true" }, { map: { x: key } }, { send: out } ] }\n',
    b: '  second: { from: b, steps: [ { map: { x: value.user } }, { send: out } ] }\n',
    'aggregate b': '  second: { from: b, steps: [ { aggregate: others } ] }\n',
    'into nothing': '  second: { from: b, steps: [ { group_by: value.user } ] }\n',
    'same table': '  second: { from: b, steps: [ { group_by: value.user }, { aggregate: counts } ] }\n',
  }[said.second];
  const shared = `key: string, value: { user: string, v: long }, eventTime: record`;
  return `app: shop
topics:
  a: { partitions: ${said.partitions}, ${shared}, isolation: ${said.isolation} }
  b: { partitions: ${said.partitions}, ${shared} }
  out: { partitions: 1, key: string, value: { x: string } }
tables:
  counts: { key: string, ${said.window}value: { ${said.value} } }
${said.second === 'aggregate b' ? '  others: { key: string, value: { n: count() } }\n' : ''}agents:
  first: { from: ${said.reads}, steps: [ ${steps.map((step) => `{ ${step} }`).join(', ')} ] }
${second}settings: { commit: ${said.commit} }
`;
};

const isValid = (text: string): boolean => checkDocument(text).problems.every(({ severity }) => severity !== 'error');

/** Two versions: the second says what the first does, but for some choices. */
const deploys = fc
  .tuple(
    choices,
    choices,
    fc.subarray(
      Object.keys({
        filter: 0,
        reads: 0,
        grouped: 0,
        groupedBehind: 0,
        window: 0,
        value: 0,
        second: 0,
        partitions: 0,
        isolation: 0,
        commit: 0,
      }),
    ),
  )
  .map(([first, other, edited]): readonly [string, string] => [
    textOf(first),
    textOf({ ...first, ...Object.fromEntries(Object.entries(other).filter(([choice]) => edited.includes(choice))) }),
  ])
  .filter(([first, second]) => isValid(first) && isValid(second));

/** An app over a broker in memory, brought from version to version by the engine's own steps. */
class Rig {
  readonly clock = new ManualClock(0);
  readonly broker = new MemoryBroker({ clock: this.clock });
  readonly transport = this.broker.transport();
  #runtime: AppRuntime | null = null;

  async start({ dataflow }: Candidate): Promise<void> {
    const topology = compileTopology(dataflow);
    const runtime = new AppRuntime({ topology, transport: this.transport, clock: this.clock, workerId: 'w' });
    this.#runtime = runtime;
    await runtime.start();
    await this.advance(2_000);
  }

  /** How the version got to run. */
  async bring(current: Candidate, next: Candidate, halted: boolean): Promise<'swap' | 'rejoin'> {
    if (!halted && rejoinReason(current.dataflow, next.dataflow) === null) {
      await this.#runtime?.swap(compileTopology(next.dataflow));
      await this.advance(2_000);
      return 'swap';
    }
    if (!halted) await expect(this.#runtime?.swap(compileTopology(next.dataflow))).rejects.toThrow(SwapRefused);
    await this.stop();
    await this.start(next);
    return 'rejoin';
  }

  async stop(): Promise<void> {
    await this.#runtime?.stop();
    this.#runtime = null;
  }

  async advance(ms: number): Promise<void> {
    await this.clock.advance(ms, () => quietOf(this.broker, () => this.#runtime?.quiet ?? true));
  }

  async write(topic: string): Promise<void> {
    const producer = this.transport.producer();
    for (const key of ['k1', 'k2', 'k3', 'k4', 'k5']) {
      const value = Buffer.from(JSON.stringify({ user: `u${key}`, v: 1 }));
      producer.send([{ topic, key: Buffer.from(key), value, timestampMs: 1_000 }]);
    }
    await producer.flush();
    await producer.close();
  }

  get topics(): ReadonlyMap<string, ExistingTopic> {
    return new Map([...this.broker.topics].map(([name, { logs }]) => [name, { partitions: logs.length, apps: [] }]));
  }

  keysOf(table: string): string[] {
    const partitions = this.#runtime?.tables().get(table) ?? [];
    const keys = partitions.flatMap((partition) =>
      partition.query({ windows: 'all', limit: 1_000 }).rows.map(({ key }) => String(key)),
    );
    return [...new Set(keys)].sort();
  }
}

const planned = (from: Candidate, to: Candidate, existingTopics: ReadonlyMap<string, ExistingTopic>): Plan =>
  planDeploy({
    app: 'shop',
    from: { version: 1, document: from.document },
    to: { version: 2, document: to.document },
    existingTopics,
  });

test('[A5] the plan is what happens: how a version gets to run, the topics that it makes, and what becomes of each table', async () => {
  await fc.assert(
    fc.asyncProperty(deploys, async ([firstText, secondText]) => {
      const rig = new Rig();
      const admin = rig.transport.admin();
      const { candidate: first } = await settleTopics(admin, readCandidate('shop', 1, firstText), async () => {});
      await rig.start(first);
      await rig.write('a');
      await rig.write('b');
      await rig.advance(3_000);
      const before = new Map(['counts', 'others'].map((table) => [table, rig.keysOf(table)]));
      const topics = rig.topics;
      const plan = planned(first, readCandidate('shop', 2, secondText), topics);

      let halted = false;
      const settling = settleTopics(admin, readCandidate('shop', 2, secondText), async () => {
        halted = true;
        await rig.stop();
      });
      if (plan.splits.length > 0) {
        await expect(settling).rejects.toThrow(Refusal);
        await rig.stop();
        return;
      }
      const { candidate: second } = await settling;
      const made = [...rig.topics.keys()].filter((name) => !topics.has(name)).sort();
      expect(made).toEqual(plan.topicsToCreate.map(({ name }) => name).sort());

      const how = await rig.bring(first, second, halted);
      expect(plan.how === 'none' ? 'swap' : plan.how).toBe(how);
      if (plan.how === 'rejoin') expect(plan.elements.filter(({ pause }) => pause === 'rejoin')).not.toEqual([]);
      for (const { kind, id, state } of plan.elements) {
        if (kind !== 'table') continue;
        const [was, is] = [before.get(id) ?? [], rig.keysOf(id)];
        if (state.fate === 'kept') expect(is).toEqual(expect.arrayContaining(was));
        if (state.fate === 'starts-empty' && how === 'swap') expect(is).toEqual([]);
      }
      await rig.stop();
    }),
    { numRuns: 150 },
  );
});
