package io.perennial.auth.tenant;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Instant;
import org.jspecify.annotations.NullUnmarked;

@Entity
@NullUnmarked
class Tenant {
    static final String UTC = "UTC";

    @Id
    String id;

    String name;
    String integrator;

    @Column(name = "support_email")
    String supportEmail;

    @Column(name = "support_hours")
    String supportHours;

    @Column(name = "support_url")
    String supportUrl;

    String colour;

    @Column(name = "logo_url")
    String logoUrl;

    @Column(name = "sender_name")
    String senderName;

    @Column(name = "sender_address")
    String senderAddress;

    @Column(name = "return_urls")
    String[] returnUrls = {};

    String[] locales = {};

    /** Null for the usual ones. */
    Integer[] stages;

    @Column(name = "overdue_weeks")
    Integer overdueWeeks;

    @Column(name = "event_sequence")
    long eventSequence;

    @Column(name = "time_zone")
    String timeZone = UTC;

    @Column(name = "created_at")
    Instant createdAt;

    @Column(name = "updated_at")
    Instant updatedAt;

    Tenant() {}
}
