import { ErrorCode, KafkaError } from '../wire/error-code.ts';

const maxNameLength = 249;

/** Throws INVALID_TOPIC_EXCEPTION, in Kafka's words, for a name that Kafka does not take. */
export function checkTopicName(name: string): void {
  const fault =
    name === ''
      ? 'the empty string is not allowed'
      : name === '.' || name === '..'
        ? `'.' or '..' is not allowed`
        : name.length > maxNameLength
          ? `the length of '${name}' is longer than the max allowed length ${maxNameLength}`
          : !/^[a-zA-Z0-9._-]+$/.test(name)
            ? `'${name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'`
            : null;
  if (fault !== null) throw new KafkaError(ErrorCode.invalidTopic, `Topic name is invalid: ${fault}`);
}
