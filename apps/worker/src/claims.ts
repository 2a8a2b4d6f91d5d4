/** In SQL, until when nobody else touches what is claimed: longer than any stall of this process or of the database. By the database's clock, as whatever is compared with it: those of machines differ. */
export const CLAIM_END = "now() + interval '12 seconds'";

/** Work on which workers die before they get any further: the next one would, too. */
export const MOST_ATTEMPTS = 3;
