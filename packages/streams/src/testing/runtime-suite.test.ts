import { MemoryBroker } from '../transport/memory/memory-broker.ts';
import { runtimeSuite } from './runtime-suite.ts';
import { systemClock } from './system-clock.ts';

const broker = new MemoryBroker({ clock: systemClock });
runtimeSuite('memory', () => broker.transport());
