package io.perennial.auth.vault;

import java.util.UUID;

/** A wrapped data key and the tenant key that wraps it. Without it nothing sealed with it can be opened again. */
public record SealedWith(UUID tenantKeyId, byte[] dataKey) {}
