/** How many jobs are at work, on the rail's icon. */
export function WorkCount({ count, words }: { count: number; words: string }) {
  if (count === 0) return null;
  return (
    <span role="status" aria-label={words} title={words} className="figures absolute -top-1.5 -right-3 grid h-4 min-w-4 place-items-center rounded-full bg-busy px-1 text-s leading-none font-semibold text-bg">
      {count}
    </span>
  );
}
