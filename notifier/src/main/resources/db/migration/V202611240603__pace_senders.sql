set lock_timeout = '10s';

create table sender_pace (
    sender      text primary key,
    tokens      double precision not null,
    granted     integer          not null,
    refilled_at timestamptz      not null
);

comment on table sender_pace is 'One token bucket for each domain that mails are sent from: mail servers judge senders by how they send.';
comment on column sender_pace.granted is 'How many were taken last; only there to be returned by the statement that takes them.';
comment on column sender_pace.refilled_at is 'Machine clock, as everything that is between us and a mail server.';
