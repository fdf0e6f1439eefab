set lock_timeout = '10s';

create table operator_mail (
    id               uuid primary key,
    event_id         uuid        not null,
    place            integer     not null check (place >= 0),
    kind             text        not null,
    subject          text        not null,
    body             text        not null,
    state            text        not null check (state in ('PENDING', 'SENDING', 'SENT', 'FAILED', 'AMBIGUOUS')),
    code             text,
    next_attempt_at  timestamptz not null,
    attempts         integer     not null default 0,
    first_attempt_at timestamptz,
    claim            uuid,
    lease_until      timestamptz,
    created_at       timestamptz not null,
    finished_at      timestamptz,
    constraint operator_mail_once unique (event_id, place),
    constraint operator_mail_claimed check ((state = 'SENDING') = (claim is not null and lease_until is not null)),
    constraint operator_mail_finished check ((state in ('PENDING', 'SENDING')) = (finished_at is null))
);

comment on table operator_mail is 'One mail to one operator about one event of the platform; at most one ever leaves.';
comment on column operator_mail.place is 'Which address of perennial.operators.mail, counted from 0; no address is stored.';
comment on column operator_mail.lease_until is 'Machine clock; all other instants are the domain''s. SENDING past it: nobody knows whether it left.';

create index operator_mail_due on operator_mail (next_attempt_at, id) where state = 'PENDING';
create index operator_mail_leased on operator_mail (lease_until) where state = 'SENDING';
