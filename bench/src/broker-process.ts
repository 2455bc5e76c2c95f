/** The embedded broker, in a process of its own. Prints its address; ends with SIGTERM. */
import { startBroker } from '@millrace/broker';

const [dataDir = ''] = process.argv.slice(2);
const broker = await startBroker({ port: 0, dataDir });
console.log(JSON.stringify({ brokers: `127.0.0.1:${broker.port}` }));
process.once('SIGTERM', () => void broker.stop());
