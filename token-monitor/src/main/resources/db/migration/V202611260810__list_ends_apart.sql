-- Every announcement moves the due instant, which is indexed, so it writes the row's entry in each of its indexes anew. What
-- finds rows by their ends stands in a table of its own: an announcement leaves it alone, and the row has two indexes left.
create table watched_end (
    connection_id uuid primary key,
    tenant_id     text not null,
    ends_at       timestamptz,
    generation    integer not null
);
create index watched_end_ends on watched_end (ends_at, connection_id);
create index watched_end_tenant_ends on watched_end (tenant_id, ends_at, connection_id);

comment on table watched_end is
    'Connections with a stage before them, by the end of their grants. Who reads it looks at their rows in watched_connection too: one that is over may stand here still';
comment on column watched_end.ends_at is 'Null where a grant died whose end was never known';
comment on column watched_end.generation is 'Of the row that was saved: an older one does not replace it';

-- Before insert: that is what "insert ... on conflict do update" fires for new and for known connections, and what a claim,
-- which only updates, never pays for. Processes of the release before save connections too while an update rolls.
create function list_end() returns trigger language plpgsql as $$
begin
    if new.next_due_at is null then
        delete from watched_end where connection_id = new.connection_id and generation <= new.generation;
    else
        insert into watched_end as listed (connection_id, tenant_id, ends_at, generation)
        values (new.connection_id, new.tenant_id, new.ends_at, new.generation)
        on conflict (connection_id) do update
        set tenant_id = excluded.tenant_id, ends_at = excluded.ends_at, generation = excluded.generation
        where listed.generation <= excluded.generation
          and (listed.tenant_id, listed.ends_at, listed.generation)
              is distinct from (excluded.tenant_id, excluded.ends_at, excluded.generation);
    end if;
    return new;
end $$;
create trigger saved_is_listed before insert on watched_connection for each row execute function list_end();

-- A new version that finds room beside the former one carries only what changed into the log.
alter table watched_connection set (fillfactor = 85);
