/** The wheel over the race. */
export function Logo({ size = 24 }: { readonly size?: number }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      strokeLinecap="round"
      strokeWidth="1.6"
    >
      <g stroke="currentColor">
        <circle cx="12" cy="9" r="3.6" />
        {[0, 45, 90, 135, 180, 225, 270, 315].map((angle) => (
          <path key={angle} d="M12 5.400V2.600" transform={`rotate(${angle} 12 9)`} />
        ))}
      </g>
      <path
        d="M2 18.500c2-1.700 4-1.700 6 0s4 1.700 6 0 4-1.700 8 0M4 22c1.700-1.400 3.300-1.400 5 0s3.300 1.400 5 0 3.300-1.400 6 0"
        stroke="var(--water)"
      />
    </svg>
  );
}
