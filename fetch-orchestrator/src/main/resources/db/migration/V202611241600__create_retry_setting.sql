create table retry_setting (
    provider      text primary key,
    mode          text not null check (mode in ('NONE', 'ANY', 'STATUS_MATCHES')),
    statuses      integer[] not null,
    most_attempts integer not null check (most_attempts between 0 and 20),
    multiply      boolean not null,
    changed_by    text not null,
    changed_at    timestamptz not null
);
comment on table retry_setting is 'How often a refused request is tried again, where it was set by request; otherwise the configuration counts';
