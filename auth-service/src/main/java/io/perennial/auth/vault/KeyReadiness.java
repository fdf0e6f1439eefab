package io.perennial.auth.vault;

import io.perennial.service.ProductionCheck;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Tells a production start what is wrong with the key-encryption keys, beside what else is wrong. */
@ApplicationScoped
class KeyReadiness implements ProductionCheck {
    private static final String SETTING = "perennial.keys.directory";

    private final KeyEncryptionKeys keys;

    KeyReadiness(KeyEncryptionKeys keys) {
        this.keys = keys;
    }

    @Override
    public List<String> refusals() {
        try {
            keys.ids();
            return List.of();
        } catch (VaultException e) {
            String fault = String.valueOf(e.getMessage());
            return List.of(fault.startsWith(SETTING) ? fault : SETTING + ": " + fault);
        }
    }
}
