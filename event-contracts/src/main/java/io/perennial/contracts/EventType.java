package io.perennial.contracts;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Every kind of event, with the topic it travels on and the record that holds its data. */
public enum EventType {
    CONNECTION_CREATED(Topics.CONNECTIONS, ConnectionCreated.class),
    CONNECTION_UPDATED(Topics.CONNECTIONS, ConnectionUpdated.class),
    CONNECTION_AUTHORIZED(Topics.CONNECTIONS, ConnectionAuthorized.class),
    TOKEN_RENEWED(Topics.CONNECTIONS, TokenRenewed.class),
    TOKEN_EXPIRED(Topics.CONNECTIONS, TokenExpired.class),
    TOKEN_REVOKED(Topics.CONNECTIONS, TokenRevoked.class),
    TOKEN_REINSTATED(Topics.CONNECTIONS, TokenReinstated.class),
    WRONG_ACCOUNT_REJECTED(Topics.CONNECTIONS, WrongAccountRejected.class),
    DUPLICATE_REJECTED(Topics.CONNECTIONS, DuplicateRejected.class),
    CONSENT_HELD(Topics.CONNECTIONS, ConsentHeld.class),
    AUTHORIZATION_FAILED(Topics.CONNECTIONS, AuthorizationFailed.class),
    AUTHORIZATION_ABANDONED(Topics.CONNECTIONS, AuthorizationAbandoned.class),
    CONNECTION_DISCONNECTED(Topics.CONNECTIONS, ConnectionDisconnected.class),
    RENEWAL_REQUIRED(Topics.CONNECTIONS, RenewalRequired.class),
    TOKEN_EXPIRING(Topics.EXPIRY, TokenExpiring.class),
    RENEWAL_OVERDUE(Topics.EXPIRY, RenewalOverdue.class),
    FETCH_REQUESTED(Topics.FETCHES, FetchRequested.class),
    FETCH_STARTED(Topics.FETCHES, FetchStarted.class),
    FETCH_PROGRESSED(Topics.FETCHES, FetchProgressed.class),
    FETCH_COMPLETED(Topics.FETCHES, FetchCompleted.class),
    FETCH_FAILED(Topics.FETCHES, FetchFailed.class),
    FETCH_PARKED(Topics.FETCHES, FetchParked.class),
    PROFILE_SNAPSHOT_TAKEN(Topics.FETCHES, ProfileSnapshotTaken.class),
    ORDER_FETCHED(Topics.ORDERS, OrderFetched.class),
    REMINDER_SENT(Topics.REMINDERS, ReminderSent.class),
    REMINDER_FAILED(Topics.REMINDERS, ReminderFailed.class),
    REMINDER_SUPPRESSED(Topics.REMINDERS, ReminderSuppressed.class),
    REMINDER_AMBIGUOUS(Topics.REMINDERS, ReminderAmbiguous.class),
    CLIENT_SECRET_EXPIRING(Topics.PLATFORM, ClientSecretExpiring.class),
    PROVIDER_OUTAGE_DETECTED(Topics.PLATFORM, ProviderOutageDetected.class),
    PROVIDER_OUTAGE_CLEARED(Topics.PLATFORM, ProviderOutageCleared.class),
    CONNECTION_STATE(Topics.CONNECTION_STATE, ConnectionState.class),
    TENANT_STATE(Topics.TENANT_STATE, TenantState.class);

    private static final String PREFIX = "io.perennial.";
    private static final String SUFFIX = ".v1";
    private static final Map<String, EventType> BY_TYPE =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(EventType::type, Function.identity()));
    private static final Map<Class<?>, EventType> BY_CLASS =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(EventType::data, Function.identity()));

    private static final Set<String> NAMES =
            Arrays.stream(values()).map(type -> type.data().getSimpleName()).collect(Collectors.toUnmodifiableSet());

    private final String topic;
    private final Class<? extends Event> data;

    EventType(String topic, Class<? extends Event> data) {
        this.topic = topic;
        this.data = data;
    }

    /** The topic this kind of event is published on. */
    public String topic() {
        return topic;
    }

    /** The record that holds the data. */
    public Class<? extends Event> data() {
        return data;
    }

    /** What such events are about: {@link ConnectionRef}, {@link AppRef} or {@link TenantRef}. */
    public Class<? extends Record> about() {
        if (PlatformEvent.class.isAssignableFrom(data)) {
            return AppRef.class;
        }
        return TenantEvent.class.isAssignableFrom(data) ? TenantRef.class : ConnectionRef.class;
    }

    /** The CloudEvents {@code type}, for example {@code io.perennial.TokenRenewed.v1}. */
    public String type() {
        return PREFIX + data.getSimpleName() + SUFFIX;
    }

    /** The kind with this CloudEvents {@code type}; empty for a type this version does not know. */
    public static Optional<EventType> ofType(String type) {
        return Optional.ofNullable(BY_TYPE.get(type));
    }

    /** Whether it is one of these kinds, but in a version that this one does not know; such a version has a topic of its own. */
    static boolean isOfAnotherVersion(String type) {
        int version = type.lastIndexOf(".v");
        return type.startsWith(PREFIX)
                && version >= PREFIX.length()
                && NAMES.contains(type.substring(PREFIX.length(), version))
                && ofType(type).isEmpty();
    }

    /** The kind of this data. */
    public static EventType of(Event event) {
        EventType type = BY_CLASS.get(event.getClass());
        if (type == null) {
            throw new IllegalArgumentException("No event type for " + event.getClass());
        }
        return type;
    }
}
