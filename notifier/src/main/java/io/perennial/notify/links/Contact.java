package io.perennial.notify.links;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A person to write to. The address is never stored, logged or published. */
public record Contact(UUID id, @Nullable String name, @Nullable String email, @Nullable String locale, int order) {
    @Override
    public String toString() {
        return "Contact[" + id + "]";
    }
}
