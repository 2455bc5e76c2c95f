import { cx } from './cx.ts';

const spokes = [0, 45, 90, 135, 180, 225, 270, 315];

/** The mill's wheel: Millrace's sign for *running*. It turns only where something runs. */
export function Wheel({
  size = 14,
  turning = false,
  className,
}: {
  readonly size?: number;
  readonly turning?: boolean;
  readonly className?: string;
}) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      className={cx('shrink-0', turning && 'wheel-turning', className)}
    >
      <circle cx="8" cy="8" r="3.1" />
      {spokes.map((angle) => (
        <path key={angle} d="M8 4.900V1.700" transform={`rotate(${angle} 8 8)`} />
      ))}
    </svg>
  );
}
