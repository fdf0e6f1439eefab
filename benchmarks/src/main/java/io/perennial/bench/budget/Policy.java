package io.perennial.bench.budget;

/** How a client keeps to a usage plan. What it remembers is in the object: a restart is a new one. */
interface Policy {
    /** Reads on until so many pages are there; false if it gave up before. */
    boolean read(World amazon, int pages);
}
