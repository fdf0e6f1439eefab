package io.perennial.notify.operator;

import io.perennial.notify.email.MailAddress;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;

/** The operators' addresses, as they are set. Rows name them by their place, so that none is stored. */
@Singleton
class Operators {
    private static final Logger LOG = Logger.getLogger(Operators.class);

    private final List<String> addresses;

    Operators(OperatorsConfig config) {
        this.addresses = config.mail().orElse(List.of());
    }

    /** Refuses a start with an address that no mail can reach, and says when there is none at all. */
    void check(@Observes StartupEvent start) {
        for (int place : places()) {
            if (MailAddress.parse(addresses.get(place)).isEmpty()) {
                throw new IllegalStateException(
                        "perennial.operators.mail must be mail addresses; number " + (place + 1) + " is none");
            }
        }
        if (addresses.isEmpty()) {
            LOG.warn("perennial.operators.mail names nobody: no mail tells of ending client secrets, outages and"
                    + " connections at risk");
        }
    }

    List<Integer> places() {
        return IntStream.range(0, addresses.size()).boxed().toList();
    }

    /** Whether it is one of the addresses. */
    boolean has(String address) {
        return addresses.stream().anyMatch(address::equalsIgnoreCase);
    }

    /** The address at a place; empty when the setting became shorter. */
    Optional<String> at(int place) {
        return place < addresses.size() ? Optional.of(addresses.get(place)) : Optional.empty();
    }
}
