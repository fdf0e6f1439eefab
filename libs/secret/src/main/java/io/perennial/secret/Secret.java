package io.perennial.secret;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A text that is never printed.
 *
 * <ul>
 *   <li>{@link #toString()} names the kind, not the content.
 *   <li>Equality takes the same time for every content, and holds only within one kind.
 *   <li>Jackson refuses to write it.
 * </ul>
 */
@JsonSerialize(using = Secret.Refusal.class)
public abstract sealed class Secret permits AccessToken, AuthorizationCode, ClientSecret, RefreshToken {
    private final String text;

    Secret(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException(getClass().getSimpleName() + " must not be blank");
        }
        this.text = text;
    }

    /** The text itself, for those who may read it. */
    public final String reveal(SecretAccess access) {
        Objects.requireNonNull(access, "access");
        return text;
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return other != null
                && other.getClass() == getClass()
                && MessageDigest.isEqual(bytes(text), bytes(((Secret) other).text));
    }

    @Override
    public final int hashCode() {
        return text.hashCode();
    }

    @Override
    public final String toString() {
        return getClass().getSimpleName() + "[hidden]";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static final class Refusal extends StdSerializer<Secret> {
        private static final long serialVersionUID = 1L;

        Refusal() {
            super(Secret.class);
        }

        @Override
        public void serialize(Secret value, JsonGenerator generator, SerializerProvider provider) {
            throw new IllegalStateException("A " + value.getClass().getSimpleName() + " must not be written as JSON");
        }
    }
}
