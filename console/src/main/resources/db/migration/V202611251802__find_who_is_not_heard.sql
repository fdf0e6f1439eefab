create index trouble_unheard on trouble (connection_id) where kind = 'REMINDER' and code = 'NOBODY_HEARS';
