set lock_timeout = '10s';

create table campaign (
    id uuid primary key,
    number integer not null unique generated always as identity,
    name text not null,
    reason text not null check (reason in ('ROLE_ADDED', 'DATE_UNKNOWN', 'CONSENT_MISSING', 'ENDS_SOON', 'OTHER')),
    tenant_id text,
    selection text not null check (selection is json object),
    state text not null check (state in ('RUNNING', 'STOPPED', 'COMPLETED')),
    mails_per_minute integer not null check (mails_per_minute > 0),
    next_at timestamptz not null,
    created_at timestamptz not null,
    completed_at timestamptz,
    created_by text not null,
    idempotency_key text,
    request_hash text,
    check ((state = 'COMPLETED') = (completed_at is not null))
);
create unique index campaign_idempotency on campaign (created_by, idempotency_key) where idempotency_key is not null;
create index campaign_due on campaign (next_at) where state = 'RUNNING';
comment on table campaign is 'Asks many merchants to authorize again, paced, one link and one mail for each contact';
comment on column campaign.number is 'Travels with the mails: tells two campaigns for one grant apart';
comment on column campaign.tenant_id is 'Null: over all tenants; seen by who sees all of them';
comment on column campaign.next_at is 'Domain clock: when the next mails are asked for';

create table campaign_mail (
    campaign_id uuid not null references campaign on delete cascade,
    position integer not null,
    tenant_id text not null,
    status text not null check (status in
        ('NO_CONTACT', 'WAITING', 'ASKED', 'SENT', 'FAILED', 'SUPPRESSED', 'AMBIGUOUS')),
    connection_id uuid references connection,
    link_id uuid,
    asked_at timestamptz,
    primary key (campaign_id, position)
);
create index campaign_mail_open on campaign_mail (campaign_id, position) where status in ('WAITING', 'ASKED');
create index campaign_mail_by_connection on campaign_mail (connection_id) where connection_id is not null;
comment on table campaign_mail is 'What one contact gets; holds no address';
comment on column campaign_mail.connection_id is 'In whose name the mail is asked for: the first connection that is still to be renewed';

create table campaign_connection (
    campaign_id uuid not null references campaign on delete cascade,
    connection_id uuid not null references connection,
    position integer not null,
    generation integer not null,
    primary key (campaign_id, connection_id)
);
create index campaign_connection_by_mail on campaign_connection (campaign_id, position);
comment on column campaign_connection.generation is 'The grant to be replaced; renewed once the connection has a later one';

create index authorization_request_by_link on authorization_request (link_id) where link_id is not null;
