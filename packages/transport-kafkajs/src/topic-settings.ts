const bounds = ['message.timestamp.before.max.ms', 'message.timestamp.after.max.ms'];
const oneBound = 'message.timestamp.difference.max.ms';

/** Whether a broker has refused a setting that only brokers since Kafka 3.6 have. */
export const isOfNewerBrokers = (refusal: string): boolean => bounds.some((name) => refusal.includes(name));

/** The same settings as brokers before Kafka 3.6 know them: one bound of timestamps, for both ways (KIP-937). */
export function forOlderBrokers(configs: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const [bound] = bounds.flatMap((name) => configs[name] ?? []);
  const others = Object.entries(configs).filter(([name]) => !bounds.includes(name));
  return { ...Object.fromEntries(others), ...(bound === undefined ? {} : { [oneBound]: bound }) };
}
