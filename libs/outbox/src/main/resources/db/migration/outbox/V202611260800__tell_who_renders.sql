alter table outbox_relay add column renders_at timestamptz;

comment on column outbox_relay.renders_at is
    'As seen_at, told by relays that render rows of values. A relay of an older release moves seen_at alone';
comment on column outbox.event_type is
    'CloudEvents type, for example io.perennial.TokenRenewed.v1, or the name of the rendering that makes an event of the row';
comment on column outbox.topic is 'Empty, as source and subject are, where the relay renders the row';
comment on column outbox.traceparent is 'Where the relay renders the row only the flags of the trace that the event''s id names, empty if nobody records it';
comment on column outbox.data is 'JSON of the event; null publishes a tombstone. Where the relay renders the row, its values';
