set lock_timeout = '10s';

create table known_order (
    connection_id uuid primary key references connection,
    order_id text not null check (order_id ~ '^[0-9]{3}-[0-9]{7}-[0-9]{7}$'),
    created_at timestamptz not null
);
comment on table known_order is 'One order that was fetched with a former grant: a new grant of the same account can read it. Told by FetchCompleted';
comment on column known_order.created_at is 'When the order was placed: the provider shows no order that is too old';

alter table connection add column consent_review uuid, add column trust_next_consent boolean not null default false;
comment on column connection.consent_review is 'The attempt whose consent waits for an operator; the latest one if there are several';
comment on column connection.trust_next_consent is 'An operator has checked that the next consent comes from the right account, whatever its store looks like';


alter table authorization_request drop constraint authorization_request_status_check;
alter table authorization_request add constraint authorization_request_status_check check (status in
    ('STARTED', 'EXCHANGING', 'CHECKING', 'AWAITING_CONFIRMATION', 'AWAITING_REVIEW', 'COMPLETED', 'WRONG_ACCOUNT',
     'DUPLICATE', 'DENIED', 'FAILED', 'UNKNOWN', 'SUPERSEDED', 'ABANDONED'));

-- Bring cleanup down to what is due: none of these grows with the attempts that are over.
create index authorization_request_undecided on authorization_request (started_at)
    where status in ('CHECKING', 'AWAITING_CONFIRMATION', 'AWAITING_REVIEW');
create index authorization_request_closed on authorization_request (started_at)
    where status not in ('STARTED', 'EXCHANGING', 'CHECKING', 'AWAITING_CONFIRMATION', 'AWAITING_REVIEW');
