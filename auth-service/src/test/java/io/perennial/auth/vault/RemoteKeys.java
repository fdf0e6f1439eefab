package io.perennial.auth.vault;

import io.perennial.auth.Keys;
import io.perennial.service.Mode;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Set;

/** The keys of the files behind a line that can be cut, as those of a key management service are. */
@ApplicationScoped
public class RemoteKeys implements KeyEncryptionKeys {
    private final KeyFiles files;
    private volatile boolean cut;

    RemoteKeys(KeysConfig config, Mode mode) {
        this.files = new KeyFiles(config, mode);
    }

    public void outOfReach(boolean now) {
        cut = now;
    }

    /** Other tenants' keys take the places in memory, so that every other one has to be unwrapped anew. */
    public void forgetWhatIsInMemory(TokenVault vault) {
        for (int i = 0; i < Keys.KEPT; i++) {
            vault.key(new SealingPlace("crowd-" + i, "c1", 1, SecretKind.REFRESH_TOKEN))
                    .await()
                    .atMost(Duration.ofMinutes(1));
        }
    }

    @Override
    public String primary() {
        return files.primary();
    }

    @Override
    public Set<String> ids() {
        return files.ids();
    }

    @Override
    public Uni<Void> refresh() {
        return files.refresh();
    }

    @Override
    public Uni<byte[]> wrap(String id, byte[] key, byte[] place) {
        return cut ? cut() : files.wrap(id, key, place);
    }

    @Override
    public Uni<byte[]> unwrap(String id, byte[] wrapped, byte[] place) {
        return cut ? cut() : files.unwrap(id, wrapped, place);
    }

    private static Uni<byte[]> cut() {
        return Uni.createFrom().failure(new VaultException("The keeper of the keys does not answer"));
    }
}
