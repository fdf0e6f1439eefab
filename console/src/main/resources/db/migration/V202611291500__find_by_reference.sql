-- The number that stands on every mail and page for merchants (io.perennial.contracts.Reference) is a word by which a connection
-- is found: P and twelve letters of five bits each, from the lowest bits of the id upwards. New rows are written with it.

update connection c
   set search_text = c.search_text || ' p' || (
           select string_agg(substr('0123456789abcdefghjkmnpqrstvwxyz', ((id.bits >> (5 * place)) & 31)::int + 1, 1), ''
                             order by place)
             from (select ('x' || right(replace(c.connection_id::text, '-', ''), 16))::bit(64)::bigint as bits) id,
                  generate_series(0, 11) place);
