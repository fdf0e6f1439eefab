set lock_timeout = '10s';

create table renewal_claim (
    connection_id uuid not null references connection,
    generation    integer not null,
    claimed_at    timestamptz not null,
    shown_end     date,
    primary key (connection_id, generation)
);

comment on table renewal_claim is 'Who opened a link said that he had renewed already: no proof, so it changes no state; it ends the reminders that were open then.';
comment on column renewal_claim.shown_end is 'The end that he read on the provider''s page; for an operator to compare.';
