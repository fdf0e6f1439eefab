package io.perennial.outbox;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.util.UUID;

/** An aggregate as a service would keep it. */
@Entity
public class Shop {
    @Id
    UUID id;

    String name;
    long sequence;

    protected Shop() {}

    Shop(UUID id, String name) {
        this.id = id;
        this.name = name;
    }

    long next() {
        return ++sequence;
    }
}
