/** The product's sign: two nodes and the wire between them. */
export function Mark({ size = 26 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="none" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="var(--accent)" />
      <path d="M9 10h4c4.5 0 2.5 12 7 12h3" stroke="#ffffff" strokeWidth="2.2" strokeLinecap="round" />
      <circle cx="8.8" cy="10" r="2.6" fill="#ffffff" />
      <circle cx="23.2" cy="22" r="2.6" fill="#ffffff" />
      <path d="M19.5 10h4M8.5 22h4" stroke="#ffffff" strokeOpacity="0.55" strokeWidth="2.2" strokeLinecap="round" />
    </svg>
  );
}
