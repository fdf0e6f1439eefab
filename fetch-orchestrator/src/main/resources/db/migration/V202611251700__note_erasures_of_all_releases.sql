-- While an update rolls, a process of the release before may take the event: it knows of no erasures, and nobody hears of the
-- connection again. So whoever writes the state notes the erasure.
create function note_erasure() returns trigger language plpgsql as $$
begin
    insert into erasure (connection_id, requested_at) values (new.connection_id, '-infinity') on conflict do nothing;
    return null;
end $$;
create trigger disconnected_is_erased after insert or update of state on connection_view
    for each row when (new.state = 'DISCONNECTED') execute function note_erasure();
