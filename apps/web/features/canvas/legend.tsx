/** What the channels mean, for those who see them for the first time. */
export function Legend() {
  return (
    <ul aria-label="Legend" className="flex flex-col gap-1.5 text-11 text-text-2 max-wide:hidden">
      <li className="flex items-center gap-2">
        <Sample water={2} />
        records flow right, a table’s changes fall down
      </li>
      <li className="flex items-center gap-2">
        <Sample water={5} />
        the fuller the channel, the more is waiting
      </li>
      <li className="flex items-center gap-2">
        <svg aria-hidden="true" width="34" height="9">
          <path d="M0 4.500H34" stroke="var(--outline)" strokeWidth="1.200" strokeDasharray="4 4" />
        </svg>
        not deployed yet
      </li>
    </ul>
  );
}

function Sample({ water }: { readonly water: number }) {
  return (
    <svg aria-hidden="true" width="34" height="9">
      <path d="M0 0.500H34M0 8.500H34" stroke="var(--line-2)" />
      <path d="M0 4.500H34" stroke="var(--water)" strokeWidth={water} />
      <path d="M8 4.500h8m6 0h8" stroke={water > 3 ? 'var(--spark)' : 'var(--accent)'} strokeWidth="1.200" />
    </svg>
  );
}
