alter table suppression
    add column lifted_because text,
    add constraint suppression_lifted_because
        check (lifted_because is null or (lifted_at is not null and length(lifted_because) between 1 and 200));

comment on column suppression.lifted_because is 'In the words of who lifted it; without an address, which the API refuses.';
