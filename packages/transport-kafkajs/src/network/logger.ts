import type { KafkaLog } from '../options.ts';
import { type KafkaLogger, loggers } from './kafkajs-internals.ts';

/** KafkaJS' logger, writing to a function of ours. KafkaJS calls every retried failure an error; here it is a warning. */
export function kafkaLogger(log: KafkaLog | undefined): KafkaLogger {
  if (log === undefined) {
    return loggers.createLogger({ level: loggers.LEVELS.NOTHING, logCreator: () => () => {} });
  }
  return loggers.createLogger({
    level: loggers.LEVELS.INFO,
    logCreator:
      () =>
      ({ level, namespace, log: { message, timestamp: _at, logger: _name, stack: _stack, ...details } }) =>
        log(level <= loggers.LEVELS.WARN ? 'warn' : 'info', message, { part: namespace, ...details }),
  });
}
