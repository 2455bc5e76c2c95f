import type { BrokerLink } from './broker-link.ts';

const apiKey = 44;
const topicResource = 2;
const set = 0;

interface Altered {
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

/** IncrementalAlterConfigs (44), version 0: sets some of a topic's settings, the others stay. KafkaJS has only the request that replaces all. */
export async function alterTopicConfigs(
  link: BrokerLink,
  topic: string,
  configs: Readonly<Record<string, string>>,
): Promise<Altered> {
  const [altered] = await link.send<Altered[]>('AlterConfigs', { resources: [] }, (call) => ({
    ...call,
    request: {
      apiKey,
      apiVersion: 0,
      apiName: 'IncrementalAlterConfigs',
      encode: async () => {
        const bytes = encodeAlteration(topic, configs);
        return { buf: bytes, buffer: bytes };
      },
    },
    response: { ...call.response, decode: async (bytes) => decodeAlterations(bytes) },
  }));
  if (altered === undefined) throw new Error(`no answer about ${topic}`);
  return altered;
}

function encodeAlteration(topic: string, configs: Readonly<Record<string, string>>): Buffer {
  const entries = Object.entries(configs);
  const count = Buffer.alloc(4);
  count.writeInt32BE(entries.length);
  return Buffer.concat([
    Buffer.from([0, 0, 0, 1, topicResource]),
    textOf(topic),
    count,
    ...entries.flatMap(([name, value]) => [textOf(name), Buffer.from([set]), textOf(value)]),
    Buffer.from([0]), // not only to be validated
  ]);
}

function textOf(text: string): Buffer {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(2);
  length.writeInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function decodeAlterations(bytes: Buffer): Altered[] {
  const answers: Altered[] = [];
  let at = 8; // throttle time, how many answers
  for (let left = bytes.readInt32BE(4); left > 0; left--) {
    const errorCode = bytes.readInt16BE(at);
    const length = bytes.readInt16BE(at + 2);
    at += 4;
    answers.push({ errorCode, errorMessage: length < 0 ? null : bytes.toString('utf8', at, at + length) });
    at += Math.max(0, length) + 1; // the kind of resource
    at += 2 + bytes.readInt16BE(at);
  }
  return answers;
}
