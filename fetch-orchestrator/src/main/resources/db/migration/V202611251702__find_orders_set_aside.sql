create index order_set_aside_connection on order_set_aside (connection_id);
