/** How long the engine's count takes to have a lone record. */
import { setTimeout as sleep } from 'node:timers/promises';
import { countApp } from './count-app.ts';
import { loneRecords } from './lone-records.ts';

const [brokers = '', topic = '', expected = '0'] = process.argv.slice(2);
const { app, counted, stop } = await countApp(brokers, topic);
await app.start();
while (app.status().state.kind !== 'running') await sleep(20);
console.log(JSON.stringify(await loneRecords(brokers, topic, Number(expected), counted)));
await stop();
