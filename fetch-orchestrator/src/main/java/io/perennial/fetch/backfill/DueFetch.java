package io.perennial.fetch.backfill;

import java.util.UUID;

/** A fetch that could be worked on now. */
record DueFetch(UUID id, UUID connectionId, String tenantId, FetchPriority priority) {}
