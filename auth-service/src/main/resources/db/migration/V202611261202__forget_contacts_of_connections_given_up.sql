set lock_timeout = '10s';

-- Locks the rows of connections that were given up, which nobody else changes.
update connection set contacts = '[]' where state = 'DISCONNECTED' and contacts <> '[]';
