insert into erasure (connection_id, requested_at)
select connection_id, '-infinity' from connection_view where state = 'DISCONNECTED'
on conflict do nothing;
