'use client';
import { useMemo } from 'react';
import { cx } from '#ui/cx.ts';
import { diffLines } from './diff-lines.ts';

const looks = { same: '', added: 'bg-tint', removed: 'bg-bad-tint' } as const;
const signs = { same: ' ', added: '+', removed: '−' } as const;

/** Two texts, line by line; long stretches that are the same are left out. */
export function TextDiff({ before, after }: { readonly before: string; readonly after: string }) {
  const lines = useMemo(() => diffLines(before, after), [before, after]);
  if (before === after) return <p className="px-5 py-6 text-text-2">The texts are the same.</p>;
  const near = lines.map((_, index) =>
    lines.slice(Math.max(0, index - 3), index + 4).some((line) => line.kind !== 'same'),
  );
  return (
    <section
      aria-label="Differences"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      className="overflow-x-auto py-2 font-mono text-12 leading-[19px] -outline-offset-2"
    >
      {lines.map((line, index) => {
        if (!near[index]) {
          return near[index - 1] || index === 0 ? (
            <div key={`gap-${line.before}-${line.after}`} className="px-5 text-text-3">
              ⋯
            </div>
          ) : null;
        }
        return (
          <div
            key={`${line.kind}-${line.before}-${line.after}`}
            className={cx('grid min-w-max grid-cols-[40px_40px_18px_1fr] px-3', looks[line.kind])}
          >
            <span className="pr-2 text-right text-text-3">{line.kind === 'added' ? '' : line.before}</span>
            <span className="pr-2 text-right text-text-3">{line.kind === 'removed' ? '' : line.after}</span>
            <span className={line.kind === 'added' ? 'text-accent' : 'text-bad'}>{signs[line.kind]}</span>
            <span className="whitespace-pre">{line.text}</span>
          </div>
        );
      })}
    </section>
  );
}
