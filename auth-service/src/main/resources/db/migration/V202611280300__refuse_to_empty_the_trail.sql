-- Nothing that changes rows one by one sees this one.
create trigger audit_entry_not_emptied before truncate on audit_entry
    for each statement execute function refuse_change();
