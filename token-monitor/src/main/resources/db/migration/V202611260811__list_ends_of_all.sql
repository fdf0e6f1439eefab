-- Nobody waits for it: what is saved meanwhile has listed itself, and stays so.
insert into watched_end (connection_id, tenant_id, ends_at, generation)
select connection_id, tenant_id, ends_at, generation from watched_connection where next_due_at is not null
on conflict do nothing;
