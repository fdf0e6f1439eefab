package io.perennial.auth.profile;

import io.perennial.contracts.Region;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.NullUnmarked;

/** A profile that a connection is for, with what was known of it when it was chosen. */
@Entity
@NullUnmarked
@Table(name = "chosen_profile")
@IdClass(ChosenProfile.Key.class)
class ChosenProfile {
    @Id
    @Column(name = "connection_id")
    UUID connectionId;

    @Id
    @Column(name = "profile_id")
    String profileId;

    @Column(name = "tenant_id")
    String tenantId;

    @Enumerated(EnumType.STRING)
    Region region;

    @Column(name = "app_id")
    UUID appId;

    @Column(name = "country_code")
    String countryCode;

    @Column(name = "account_id")
    String accountId;

    @Column(name = "account_name")
    String accountName;

    @Column(name = "chosen_at")
    Instant chosenAt;

    @Column(name = "chosen_by")
    String chosenBy;

    /** Identity of a choice. */
    record Key(UUID connectionId, String profileId) implements Serializable {}
}
