import { Braces, type LucideIcon, Settings2, Table2, Waves, Workflow } from 'lucide-react';

export type ElementKind = 'topic' | 'agent' | 'table' | 'model' | 'settings';
const icons: Record<ElementKind, LucideIcon> = {
  topic: Waves,
  agent: Workflow,
  table: Table2,
  model: Braces,
  settings: Settings2,
};

/** The icon of an element's kind. Decoration: the name or a heading beside it says the same. */
export function KindIcon({
  kind,
  size = 16,
  className,
}: {
  readonly kind: ElementKind;
  readonly size?: number;
  readonly className?: string;
}) {
  const Icon = icons[kind];
  return <Icon aria-hidden="true" size={size} strokeWidth={1.6} className={className ?? 'shrink-0 text-text-2'} />;
}
