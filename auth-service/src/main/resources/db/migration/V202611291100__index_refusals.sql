set lock_timeout = '10s';

-- Whether there is a wave is asked with every first refusal: of the lines of some minutes and of a week, the few that count.
create index audit_entry_refusals on audit_entry (to_state, occurred_at) where to_state in ('SUSPECT', 'REVOKED');
