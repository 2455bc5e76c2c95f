import type { EventGenerator } from './generator.ts';
import { normal, seededRandom } from './random.ts';
import { zipf } from './zipf.ts';

const deviceCount = 500;
/** One device in this many runs hot. */
const hotEvery = 40;
const twoDigits = (value: number): number => Math.round(value * 100) / 100;

export const sensors: EventGenerator = {
  title: 'Sensor readings',
  description: 'Temperature and humidity of 500 devices, a few of which run hot',
  defaultTopic: 'readings',
  template: 'sensor-averages',
  create({ seed, skew }) {
    const random = seededRandom(seed);
    const nextDevice = zipf(random, deviceCount, skew);
    return (nowMs) => {
      const number = nextDevice();
      const device = `device-${String(number).padStart(3, '0')}`;
      const value = {
        device,
        celsius: twoDigits(normal(random, number % hotEvery === 3 ? 68 : 21 + (number % 9), 1.5)),
        humidity: twoDigits(Math.min(100, Math.max(0, normal(random, 45, 8)))),
        battery: twoDigits(1 - (number % 70) / 100),
        ts: nowMs,
      };
      return { key: device, value, timestampMs: nowMs };
    };
  },
};
