import { expect } from 'vitest';
import { conforms, readiness, target, uniqueName } from '../conformance/target.ts';
import { withClient } from './client-program.ts';
import { kafkaTools, kafkaToolsProgram, linesOf, rowsOf } from './kafka-tools.ts';

const t = target();

withClient(kafkaToolsProgram, () => {
  const tool = kafkaTools(t);
  const configs = (topic: string, ...args: string[]) =>
    tool('configs', ['--entity-type', 'topics', '--entity-name', topic, ...args]);

  conforms('kafka-topics creates a topic with partitions and settings, and describes it', async () => {
    const topic = uniqueName('made');
    const settings = ['--config', 'retention.ms=60000', '--config', 'cleanup.policy=compact'];
    const created = await tool('topics', ['--create', '--topic', topic, '--partitions', '3', ...settings]);
    expect(created).toMatchObject({ status: 0, out: `Created topic ${topic}.\n` });
    await t.led(topic, 3);
    const { out } = await tool('topics', ['--describe', '--topic', topic]);
    const [summary = '', ...partitions] = linesOf(out);
    expect(summary).toMatch(
      /PartitionCount: 3\tReplicationFactor: 1\tConfigs: .*cleanup.policy=compact,retention.ms=60000/,
    );
    expect(summary).toMatch(/TopicId: [\w-]{22}\t/);
    expect(partitions).toEqual(
      [0, 1, 2].map(
        (index) => `\tTopic: ${topic}\tPartition: ${index}\tLeader: 1\tReplicas: 1\tIsr: 1\tElr: \tLastKnownElr: `,
      ),
    );
  });

  conforms('kafka-topics lists topics, and those with settings of their own', async () => {
    const plain = await t.topic();
    const set = await t.topic(1, { 'segment.ms': '60000' });
    const listed = linesOf((await tool('topics', ['--list'])).out);
    expect(listed).toEqual(expect.arrayContaining([plain, set]));
    const { out } = await tool('topics', ['--describe', '--topics-with-overrides']);
    expect(out).toContain(`Topic: ${set}\t`);
    expect((await tool('topics', ['--describe', '--under-replicated-partitions'])).out.trim()).toBe('');
  });

  conforms('kafka-topics adds partitions, and is refused fewer', async () => {
    const topic = await t.topic(2);
    expect((await tool('topics', ['--alter', '--topic', topic, '--partitions', '5'])).status).toBe(0);
    await t.led(topic, 5);
    const { status, out } = await tool('topics', ['--alter', '--topic', topic, '--partitions', '3']);
    expect([status, out]).toEqual([
      1,
      `Error while executing topic command : The topic ${topic} currently has 5 partition(s); 3 would not be an increase.\n`,
    ]);
  });

  conforms('kafka-topics deletes a topic once', async () => {
    const topic = uniqueName('brief');
    await t.admin.createTopics({ waitForLeaders: false, topics: [{ topic }] });
    await expect.poll(() => t.admin.listTopics(), readiness).toContain(topic);
    expect((await tool('topics', ['--delete', '--topic', topic])).status).toBe(0);
    await expect.poll(() => t.admin.listTopics(), readiness).not.toContain(topic);
    const again = await tool('topics', ['--delete', '--topic', topic]);
    expect([again.status, again.out]).toEqual([
      1,
      `Error while executing topic command : Topic '${topic}' does not exist as expected\n`,
    ]);
  });

  conforms('kafka-topics hears why a topic can not be', async () => {
    const topic = await t.topic();
    const refused = async (...args: string[]) => {
      const { status, out } = await tool('topics', ['--create', ...args]);
      expect(status).toBe(1);
      return out.trim().replace('Error while executing topic command : ', '');
    };
    expect(await refused('--topic', topic)).toBe(`Topic '${topic}' already exists.`);
    const name = uniqueName('never');
    expect(await refused('--topic', name, '--config', 'nonsense=1')).toBe('Unknown topic config name: nonsense');
    expect(await refused('--topic', name, '--replication-factor', '3')).toBe(
      'Unable to replicate the partition 3 time(s): The target replication factor of 3 cannot be reached because only 1 broker(s) are registered.',
    );
    expect((await tool('topics', ['--create', '--if-not-exists', '--topic', topic])).status).toBe(0);
  });

  conforms('kafka-configs sets, shows and takes back the settings of a topic', async () => {
    const topic = await t.topic();
    const set = await configs(topic, '--alter', '--add-config', 'retention.ms=1000,cleanup.policy=[compact,delete]');
    expect(set.out).toBe(`Completed updating config for topic ${topic}.\n`);
    const shown = async (...args: string[]) => {
      const [title, ...lines] = linesOf((await configs(topic, '--describe', ...args)).out);
      return { title, settings: lines.map((line) => line.trim().split(' ')[0]) };
    };
    await expect
      .poll(() => shown())
      .toEqual({
        title: `Dynamic configs for topic ${topic} are:`,
        settings: ['cleanup.policy=compact,delete', 'retention.ms=1000'],
      });
    expect((await configs(topic, '--alter', '--delete-config', 'retention.ms')).status).toBe(0);
    await expect.poll(async () => (await shown()).settings).toEqual(['cleanup.policy=compact,delete']);
    const twice = await configs(topic, '--alter', '--delete-config', 'retention.ms');
    expect([twice.status, twice.err.trim()]).toEqual([1, 'Invalid config(s): retention.ms']);
    const all = await shown('--all');
    expect(all.settings).toEqual(
      expect.arrayContaining(['cleanup.policy=compact,delete', 'retention.ms=604800000', 'max.message.bytes=1048588']),
    );
  });

  conforms('kafka-configs hears why a setting can not be', async () => {
    const topic = await t.topic();
    const refused = async (setting: string) => {
      const { status, err } = await configs(topic, '--alter', '--add-config', setting);
      expect(status).toBe(1);
      return err;
    };
    expect(await refused('nonsense=1')).toContain('InvalidConfigurationException: Unknown topic config name: nonsense');
    expect(await refused('retention.ms=soon')).toContain(
      'InvalidConfigurationException: Invalid value soon for configuration retention.ms',
    );
  });

  conforms('kafka-configs shows the settings of the broker', async () => {
    const broker = ['--entity-type', 'brokers', '--entity-name', '1', '--describe'];
    const { out } = await tool('configs', [...broker, '--all']);
    expect(out).toContain('All configs for broker 1 are:\n');
    expect(out).toContain('  auto.create.topics.enable=false ');
    expect((await tool('configs', broker)).out).toContain('Dynamic configs for broker 1 are:\n');
  });

  conforms('kafka-cluster and kafka-broker-api-versions know the broker', async () => {
    const { clusterId } = await t.admin.describeCluster();
    expect((await tool('cluster', ['cluster-id'])).out).toBe(`Cluster ID: ${clusterId}\n`);
    const [, endpoint] = rowsOf((await tool('cluster', ['list-endpoints'])).out);
    expect(endpoint).toEqual(['1', ...(t.brokers[0] ?? '').split(':'), 'null', 'unfenced', 'broker']);
    const { status, out } = await tool('versions', []);
    expect(status).toBe(0);
    expect(out).toMatch(/Produce\(0\): 0 to \d+ \[usable: \d+\]/);
  });
});
