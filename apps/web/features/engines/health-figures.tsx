import type { HealthEntity } from '@millrace/protocol';
import { formatBytes, formatCount, formatRate, formatTenths } from '#lib/format.ts';
import { Figure } from '#ui/figure.tsx';

/** What a part that Millrace stands on tells of itself, with units. */
export function HealthFigures({ health }: { readonly health: HealthEntity }) {
  return Object.entries(health.figures).map(([name, value]) => (
    <Figure key={name} {...inUnits(name, value)} strong size={12} />
  ));
}

/** `latencyMs` → `ms latency`, `produceP99Ms` → `ms produce p99`, `freeBytes` → `GB free`, `brokers` → `brokers`. */
export function inUnits(name: string, figure: number): { readonly value: string; readonly unit: string } {
  const words = name.replace(/([a-z\d])([A-Z])/g, '$1 $2').toLowerCase();
  if (words.endsWith(' bytes')) {
    const { value, unit } = formatBytes(figure);
    return { value, unit: `${unit} ${words.slice(0, -6)}` };
  }
  if (words.endsWith(' ms')) return { value: formatTenths(figure), unit: `ms ${words.slice(0, -3)}` };
  const value = Number.isInteger(figure) ? formatCount(figure) : formatRate(figure);
  return { value, unit: figure === 1 ? words.replace(/^(\w+[^s])s$/, '$1') : words };
}
