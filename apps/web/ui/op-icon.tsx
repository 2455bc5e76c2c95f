import { Filter, Key, type LucideIcon, Send, Shuffle, Sigma } from 'lucide-react';

const icons: Record<string, LucideIcon> = { filter: Filter, map: Shuffle, group_by: Key, aggregate: Sigma, send: Send };

/** The icon of a step's operator. */
export function OpIcon({ op, size = 13 }: { readonly op: string; readonly size?: number }) {
  const Icon = icons[op] ?? Filter;
  return <Icon aria-hidden="true" size={size} strokeWidth={1.6} className="shrink-0 text-text-3" />;
}
